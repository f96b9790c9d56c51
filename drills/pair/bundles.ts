// Owns versions of a function made of its own bundle, wrapped: what the wrapper adds is all that is different.
// Leaves to drills and proofs where they are deployed.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slug } from '../../lambdas/shared/names.ts';
import { functionName } from '../../lambdas/shared/names.ts';
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import type { Harness } from './harness.ts';

/** The directory of a function's bundle in the assembly that runs. */
export const bundleOf = async (baseload: Harness, slug: Slug): Promise<string> => {
  const { assembly, jurisdiction } = await baseload.wiring();
  const name = functionName(jurisdiction, slug);
  const found = readAssembly(assembly, jurisdiction)
    .regions.flatMap(({ functions }) => functions)
    .find((fn) => fn.name === name);
  if (found === undefined) throw new Error(`the assembly has no ${name}`);
  return found.assetDir;
};

/** Copies `bundle` into `dir`, behind a handler of `source`: CommonJS with the real module as `real`. Gives back `dir`. */
export const wrapped = async (bundle: string, dir: string, source: string): Promise<string> => {
  await mkdir(dir, { recursive: true });
  await cp(bundle, join(dir, 'real'), { recursive: true });
  await writeFile(join(dir, 'index.js'), `const real = require('./real/index.js');\n${source}\n`);
  return dir;
};
