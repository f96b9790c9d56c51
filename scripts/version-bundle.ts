// Owns how a version of the application is made one file: every handler, and the forms that versions exchange, each loaded when asked for.
// Leaves to record-version.ts which version is kept, to test/compatibility what two of them must agree on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** What is written by one version and read by another, and what decides what is written. */
const FORMS = [
  'lambdas/domain/codec.ts',
  'lambdas/domain/decide.ts',
  'lambdas/domain/fingerprint.ts',
  'lambdas/domain/fold.ts',
  'lambdas/domain/keys.ts',
  'lambdas/domain/repair.ts',
  'lambdas/domain/seal.ts',
  'lambdas/shared/fact-answers.ts',
  'lambdas/shared/messages.ts',
  'lambdas/adapters/archived-seal.ts',
  'lambdas/adapters/cursor.ts',
  'lambdas/adapters/stored-fact.ts',
  'lambdas/adapters/view-rows.ts',
  'lib/config.ts',
] as const;

export interface VersionBundleOptions {
  /** A checkout; its dependencies may stand elsewhere. */
  readonly root: string;
  readonly nodeModules: string;
  /** Capabilities whose handlers are in it. */
  readonly slugs: readonly string[];
  /** What the sources go through before. */
  readonly plugins?: Plugin[];
}

/** CommonJS: a getter for each slug gives the module of its handler, `forms` all exports of the forms. @throws esbuild's own report */
export const bundleVersion = async ({
  root,
  nodeModules,
  slugs,
  plugins = [],
}: VersionBundleOptions): Promise<Uint8Array> => {
  const getters = slugs.map(
    (slug) => `get ${JSON.stringify(slug)}() { return require('./lambdas/${slug}/handler.ts'); }`,
  );
  const forms = FORMS.filter((file) => existsSync(join(root, file))).map((file) => `require('./${file}')`);
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `module.exports = { ${[...getters, `get forms() { return Object.assign({}, ${forms.join(', ')}); }`].join(', ')} };`,
      resolveDir: root,
    },
    nodePaths: [nodeModules],
    outfile: join(root, 'version.cjs'),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    // It is kept in the repository: licences stay with what they are of.
    legalComments: 'eof',
    logLevel: 'silent',
    plugins,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made no file of ${root}`);
  return file.contents;
};
