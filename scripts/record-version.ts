// Owns the making of fixtures/previous-version at a release: what that version's handlers are, and the config files it took.
// Run it on the release: `npm run record-version -- v1.2.0`. What is recorded is the commit, whatever lies in the working tree.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { bundleVersion } from './version-bundle.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const TARGET = join(ROOT, 'fixtures', 'previous-version');
/** In a repository for good: more than this a release would have to be kept elsewhere. */
const MOST_BYTES = 2_000_000;

const git = (...args: readonly string[]): Buffer => execFileSync('git', args, { cwd: ROOT, maxBuffer: 1 << 28 });

const record = async (ref: string): Promise<void> => {
  const commit = git('rev-parse', '--verify', `${ref}^{commit}`).toString().trim();
  const checkout = mkdtempSync(join(tmpdir(), 'baseload-version-'));
  try {
    execFileSync('tar', ['-x', '-C', checkout], { input: git('archive', '--format=tar', commit) });
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
    const lambdas = join(checkout, 'lambdas');
    const slugs = readdirSync(lambdas).filter((name) => existsSync(join(lambdas, name, 'handler.ts')));
    console.log(`bundling ${slugs.length} handlers of ${version} (${commit.slice(0, 7)}) ...`);
    const code = await bundleVersion({ root: checkout, nodeModules: join(ROOT, 'node_modules'), slugs });
    console.log(`compressing ${code.length} bytes ...`);
    const packed = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } });
    if (packed.length > MOST_BYTES)
      throw new Error(`${packed.length} bytes packed are more than ${MOST_BYTES}: nothing was recorded`);
    mkdirSync(TARGET, { recursive: true });
    writeFileSync(join(TARGET, 'version.cjs.br'), packed);
    writeFileSync(join(TARGET, 'manifest.json'), `${JSON.stringify({ version, commit, slugs }, null, 2)}\n`);
    for (const file of ['baseload.config.json', 'baseload.eu.config.json'])
      copyFileSync(join(checkout, file), join(TARGET, file));
    console.log(`recorded ${version} in ${packed.length} bytes`);
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
};

await record(process.argv[2] ?? 'HEAD');
