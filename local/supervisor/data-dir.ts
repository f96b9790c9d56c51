// Owns the directory a run keeps its data in: temporary or the user's, one run at a time, never another program's.
// Leaves to the processes what they keep in it.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import lockfile from 'proper-lockfile';
import { isAlive } from '../is-alive.ts';
import { oneLine, StartFailure } from './start-failure.ts';

export interface DataDir {
  readonly path: string;
  /** Gives the lock back; a temporary directory is removed, also when the run is killed before it can. */
  release(): Promise<void>;
}

const MARKER = 'baseload.json';
const FORMAT = 1;
const OWNER = 'owner.pid';
const LOCK = 'lock';

/** @throws StartFailure when it is in use, holds something else, or cannot be written */
export const openDataDir = async (options: {
  readonly dataDir?: string;
  readonly fresh: boolean;
}): Promise<DataDir> => {
  if (options.dataDir === undefined) {
    return temporary(await mkdtemp(join(tmpdir(), 'baseload-')));
  }
  const path = resolve(options.dataDir);
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new StartFailure(`data directory ${path} cannot be made (${oneLine(cause)}): name another with --data-dir`);
  });
  await checkMarker(path);
  const unlock = await lock(path);
  try {
    if (options.fresh) await empty(path);
    await writeFile(join(path, MARKER), `${JSON.stringify({ format: FORMAT })}\n`);
    await writeFile(join(path, OWNER), String(process.pid));
  } catch (cause) {
    await unlock();
    throw new StartFailure(
      `data directory ${path} cannot be written (${oneLine(cause)}): name another with --data-dir`,
    );
  }
  return { path, release: unlock };
};

/** Waits for the end of the run's pipe, then for the run's processes, which end by themselves and write until they do. */
const REMOVE_WHEN_ORPHANED = 'read -r _; sleep 2; rm -rf "$DATA"';

const temporary = (path: string): DataDir => {
  // A session of its own: what kills the run, or its group, does not reach it.
  const guard = spawn('sh', ['-c', REMOVE_WHEN_ORPHANED], {
    env: { ...process.env, DATA: path },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.once('error', () => undefined);
  guard.unref();
  return {
    path,
    release: async () => {
      guard.kill('SIGKILL');
      guard.stdin.destroy();
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
};

/** A directory with other things in it is not ours to fill, and `--fresh` must never empty it. */
const checkMarker = async (path: string): Promise<void> => {
  const entries = await readdir(path).catch((cause: unknown) => {
    throw new StartFailure(`data directory ${path} cannot be read (${oneLine(cause)}): name another with --data-dir`);
  });
  if (entries.length === 0) return;
  if (!entries.includes(MARKER)) {
    const isOnlyLock = entries.every((entry) => entry === LOCK);
    if (isOnlyLock) return;
    throw new StartFailure(
      `data directory ${path} holds other files and no ${MARKER}: name an empty or new one with --data-dir`,
    );
  }
  const format: unknown = JSON.parse(await readFile(join(path, MARKER), 'utf8')).format;
  if (format !== FORMAT) {
    throw new StartFailure(
      `data directory ${path} has format ${String(format)}, this version reads ${FORMAT}: name another with --data-dir`,
    );
  }
};

const lock = async (path: string): Promise<() => Promise<void>> => {
  const lockfilePath = join(path, LOCK);
  // Renewed every 5 s by default rules; a synthesis blocks this process for longer than their 10 s on a slow machine.
  const take = () => lockfile.lock(path, { lockfilePath, realpath: false, stale: 60_000, update: 5_000 });
  const releasing = (unlock: () => Promise<void>) => async () => {
    await rm(join(path, OWNER), { force: true });
    await unlock();
  };
  try {
    return releasing(await take());
  } catch (cause) {
    const owner = await lastOwner(path);
    if (!isLocked(cause) || owner === undefined || isAlive(owner)) {
      const by = isLocked(cause) ? `process ${owner ?? 'unknown'}` : oneLine(cause);
      throw new StartFailure(
        `data directory ${path} is in use (${by}): stop that run, or name another with --data-dir`,
      );
    }
    // The run that held it was killed: without this its lock would hold everyone off until it goes stale.
    await rm(lockfilePath, { recursive: true, force: true });
    return releasing(await take());
  }
};

const isLocked = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ELOCKED';

const lastOwner = async (path: string): Promise<number | undefined> => {
  const pid = Number(await readFile(join(path, OWNER), 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};

const empty = async (path: string): Promise<void> => {
  const entries = await readdir(path);
  const doomed = entries.filter((entry) => entry !== LOCK);
  await Promise.all(doomed.map((entry) => rm(join(path, entry), { recursive: true, force: true })));
};
