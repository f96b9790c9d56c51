// Owns the bundling of all handlers and of the canary from outside: one esbuild call for all handlers, one directory per capability, the same bytes for the same sources.
// Leaves to billing-function.ts how a directory becomes a function.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { SLUGS, type Slug } from '../lambdas/shared/names.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Inside the repository, so that the source paths in the maps are the same in every checkout. */
const BUNDLE_DIR = join(ROOT, '.baseload', 'bundle');

/** How a function's code becomes one file. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  // What the SDK and Lambda's NODEJS_24_X run, and Node 20 on a laptop too. ESM output would break the SDK's `require`.
  target: 'node20',
  format: 'cjs',
  // Packages as ES modules where they have them: what nobody imports of those is left out.
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'lambdas', 'adapters', 'lambda-credentials.ts') },
  // Not the identifiers: names stay readable in stack traces, and esbuild's `keepNames` costs time at each function made.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** The directory of each capability's asset: `index.js` with `handler`, and its source map. */
export type Bundles = Readonly<Record<Slug, string>>;

/** @throws Error naming the handler that is missing, or esbuild's own report. */
export const bundleHandlers = (): Bundles => {
  const sources = SLUGS.map((slug) => ({ slug, file: join(ROOT, 'lambdas', slug, 'handler.ts') }));
  const missing = sources.filter(({ file }) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(`lambdas/${missing[0]?.slug}/handler.ts is missing: every slug in names.ts needs its handler`);
  }
  bundle(Object.fromEntries(sources.map(({ slug, file }) => [join(slug, 'index'), file])));
  return Object.fromEntries(SLUGS.map((slug) => [slug, join(BUNDLE_DIR, slug)])) as Record<Slug, string>;
};

/** The directory of the canary's asset; Synthetics wants the script where modules are. */
export const bundleOutsidePayer = (): string => {
  bundle({ [join('outside', 'nodejs', 'node_modules', 'index')]: join(ROOT, 'outside', 'handler.ts') });
  return join(BUNDLE_DIR, 'outside');
};

const bundle = (entryPoints: Readonly<Record<string, string>>): void => {
  const { outputFiles } = buildSync({
    ...BUNDLING,
    absWorkingDir: ROOT,
    entryPoints,
    outdir: BUNDLE_DIR,
    write: false,
  });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
};

/** By renaming: another synthesis that reads the file at the same time sees the old bytes or the new, never half. */
const writeIfChanged = (path: string, contents: Uint8Array): void => {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
};
