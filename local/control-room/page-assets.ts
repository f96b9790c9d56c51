// Owns the files of the page and the policy they are served under: bundled at the first request, kept for the run.
// Leaves to page/ what they say and to routes.ts where they are.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PAGE = new URL('page/', import.meta.url);

/** Nothing from anywhere else: not a script, not a font, not a picture. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A report is one file that opens from disk too: what it needs is in it. */
export const REPORT_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const TYPES = {
  '/': 'text/html; charset=utf-8',
  '/page.js': 'text/javascript; charset=utf-8',
  '/page.css': 'text/css; charset=utf-8',
} as const;
type AssetPath = keyof typeof TYPES;

export interface Asset {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class PageAssets {
  #bodies: Promise<Readonly<Record<AssetPath, string>>> | undefined;

  /** @throws esbuild's own report */
  async of(path: AssetPath): Promise<Asset> {
    this.#bodies ??= bundle();
    const body = (await this.#bodies)[path];
    const headers = {
      'content-type': TYPES[path],
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    };
    return { body, headers };
  }
}

const bundle = async (): Promise<Readonly<Record<AssetPath, string>>> => {
  const { build } = await import('esbuild');
  const [html, { outputFiles }] = await Promise.all([
    readFile(new URL('index.html', PAGE), 'utf8'),
    build({
      entryPoints: ['page.ts', 'page.css'].map((name) => fileURLToPath(new URL(name, PAGE))),
      outdir: '/',
      write: false,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      legalComments: 'inline',
      logLevel: 'silent',
    }),
  ]);
  const file = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { '/': html, '/page.js': file('page.js'), '/page.css': file('page.css') };
};
