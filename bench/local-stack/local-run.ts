// Owns a run of `npm start` under measurement: both Regions, started, spoken to as payers do, ended.
// Leaves to local/ all that runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReadyFacts } from '../../local/screen/screen.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 120_000;

export interface LocalRun {
  readonly ready: ReadyFacts;
  readonly pid: number;
}

/** @throws Error when it is not ready in time */
export const onLocalRun = async <T>(work: (run: LocalRun) => Promise<T>): Promise<T> => {
  const command = ['--import', 'tsx', 'local/main.ts', '--json', '--port-base', '0'];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  try {
    const deadline = AbortSignal.timeout(READY_WITHIN_MS);
    const lines = createInterface({ input: child.stdout, signal: deadline });
    for await (const line of lines) {
      if (line.startsWith('{')) return await work({ ready: JSON.parse(line) as ReadyFacts, pid: child.pid ?? 0 });
    }
    throw new Error(`npm start was not ready within ${READY_WITHIN_MS} ms: run it by itself to see why`);
  } finally {
    kill();
    await ended;
    process.off('exit', kill);
  }
};
