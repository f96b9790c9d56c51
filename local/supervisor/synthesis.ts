// Owns the cloud assembly of a run: synthesized in this process, kept under a hash of everything it was made from.
// Leaves to lib/ what is in it and to local/assembly what it means here.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';
import { hashOfInputs } from './inputs-hash.ts';

export interface SynthesisOptions {
  readonly root: string;
  /** Relative to `root`, or absolute. */
  readonly configFile: string;
  readonly cacheDir: string;
  /** Fills `outDir` with a cloud assembly. Only called when none is kept. */
  readonly synthesize: (outDir: string) => Promise<void>;
  /** The process that is going to read the assembly for as long as it lives. Default: this one. */
  readonly reader?: number;
}

const ASSEMBLY_MARKER = 'manifest.json';
const KEPT_ASSEMBLIES = 5;
/** Followed by the reader's process id. A Region that is started again loads its functions from the assembly. */
const READER_MARK = 'read-by-';

/**
 * The directory of the assembly for the inputs as they are now; it stays at least as long as the reader lives. Two runs may
 * ask at once: the first to finish wins.
 */
export const keptAssembly = async (options: SynthesisOptions): Promise<{ dir: string; isNew: boolean }> => {
  const { cacheDir, reader = process.pid } = options;
  const dir = join(cacheDir, hashOfInputs(options.root, options.configFile));
  if (await isKept(dir, reader)) return { dir, isNew: false };
  await mkdir(cacheDir, { recursive: true });
  const outDir = await mkdtemp(join(cacheDir, 'making-'));
  try {
    await options.synthesize(outDir);
    await mark(outDir, reader);
    await rename(outDir, dir);
  } catch (cause) {
    await rm(outDir, { recursive: true, force: true });
    // Another run has put the same assembly there meanwhile.
    if (await isKept(dir, reader)) return { dir, isNew: false };
    throw cause;
  }
  await forgetOldest(cacheDir);
  return { dir, isNew: true };
};

/** Marked before it is looked at: what is there after the mark is not forgotten any more. */
const isKept = async (dir: string, reader: number): Promise<boolean> => {
  if (!existsSync(join(dir, ASSEMBLY_MARKER))) return false;
  await mark(dir, reader).catch(() => undefined);
  return existsSync(join(dir, ASSEMBLY_MARKER));
};

/** Also makes it the newest: what is used goes last. */
const mark = async (dir: string, reader: number): Promise<void> => {
  await writeFile(join(dir, `${READER_MARK}${reader}`), '');
  await utimes(dir, new Date(), new Date());
};

const isBeingRead = async (dir: string): Promise<boolean> =>
  (await readdir(dir).catch(() => [])).some(
    (name) => name.startsWith(READER_MARK) && isAlive(Number(name.slice(READER_MARK.length))),
  );

/** Directories whose inputs are long gone and that no living run reads. */
const forgetOldest = async (cacheDir: string): Promise<void> => {
  const names = await readdir(cacheDir);
  const aged = await Promise.all(
    names.map(async (name) => ({
      dir: join(cacheDir, name),
      usedMs: (await stat(join(cacheDir, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const doomed = aged.sort((one, other) => other.usedMs - one.usedMs).slice(KEPT_ASSEMBLIES);
  for (const { dir } of doomed) {
    if (!(await isBeingRead(dir))) await rm(dir, { recursive: true, force: true });
  }
};
