// Owns how `client/` becomes a package: one file of JavaScript for Node and browsers, and its types.
// Leaves to client/package.json what is published.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const CLIENT = fileURLToPath(new URL('../client', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

export interface BuiltClient {
  readonly bytes: number;
  /** What the bundle leaves to the runtime: nothing, or a browser could not load it. */
  readonly imports: readonly string[];
}

/** @throws Error with the report of esbuild or tsc */
export const buildClient = (outDir = join(CLIENT, 'dist')): BuiltClient => {
  const { metafile } = buildSync({
    entryPoints: [join(CLIENT, 'src/index.ts')],
    outfile: join(outDir, 'index.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    logLevel: 'silent',
  });
  execFileSync(process.execPath, [TSC, '-p', CLIENT, '--outDir', outDir], { encoding: 'utf8' });
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) throw new Error('esbuild wrote nothing: look at client/src/index.ts');
  return { bytes: output.bytes, imports: output.imports.map(({ path }) => path) };
};
