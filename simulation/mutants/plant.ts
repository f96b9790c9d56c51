// Owns the simulation with one line of the product changed: bundled anew, with modules of its own, and loaded beside the real one.
// Leaves to mutants.ts what is changed, to changed-sources.ts that it is.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as Subject from '../subject.ts';
import { changedSources } from './changed-sources.ts';
import type { Mutant } from './mutants.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Below the packages, so that the bundle finds them. */
const FOLDER = join(ROOT, 'node_modules/.cache/baseload-mutants');

/** @throws Error when what is to be changed is not there exactly once: the product has moved on */
export const planted = async (mutant: Mutant): Promise<typeof Subject> => {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'simulation/subject.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [await changedSources(ROOT, [mutant])],
  });
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${process.pid}-${mutant.name.replaceAll(' ', '-')}.mjs`);
  await writeFile(file, outputFiles[0]?.contents ?? '');
  try {
    return (await import(pathToFileURL(file).href)) as typeof Subject;
  } finally {
    await rm(file, { force: true });
  }
};
