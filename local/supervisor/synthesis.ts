// Owns the cloud assembly of a run: synthesized in this process, kept under a hash of everything it was made from.
// Leaves to lib/ what is in it and to local/assembly what it means here.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOfInputs } from './inputs-hash.ts';

export interface SynthesisOptions {
  readonly root: string;
  /** Relative to `root`, or absolute. */
  readonly configFile: string;
  readonly cacheDir: string;
  /** Fills `outDir` with a cloud assembly. Only called when none is kept. */
  readonly synthesize: (outDir: string) => Promise<void>;
}

const ASSEMBLY_MARKER = 'manifest.json';
const KEPT_ASSEMBLIES = 5;

/** The directory of the assembly for the inputs as they are now. Two runs may ask at once: the first to finish wins. */
export const keptAssembly = async (options: SynthesisOptions): Promise<{ dir: string; isNew: boolean }> => {
  const dir = join(options.cacheDir, hashOfInputs(options.root, options.configFile));
  if (existsSync(join(dir, ASSEMBLY_MARKER))) return { dir, isNew: false };
  await mkdir(options.cacheDir, { recursive: true });
  const outDir = await mkdtemp(join(options.cacheDir, 'making-'));
  try {
    await options.synthesize(outDir);
    await rename(outDir, dir);
  } catch (cause) {
    await rm(outDir, { recursive: true, force: true });
    // Another run has put the same assembly there meanwhile.
    if (existsSync(join(dir, ASSEMBLY_MARKER))) return { dir, isNew: false };
    throw cause;
  }
  await forgetOldest(options.cacheDir);
  return { dir, isNew: true };
};

/** Directories whose inputs are long gone; a run that still reads one is newer than these. */
const forgetOldest = async (cacheDir: string): Promise<void> => {
  const names = await readdir(cacheDir);
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      madeMs: (await stat(join(cacheDir, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const doomed = aged.sort((one, other) => other.madeMs - one.madeMs).slice(KEPT_ASSEMBLIES);
  await Promise.all(doomed.map(({ name }) => rm(join(cacheDir, name), { recursive: true, force: true })));
};
