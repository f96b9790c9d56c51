// Owns where the runs of this user are found: one file a run in a place that every program of the user knows.
// Leaves to the control API what a run says of itself.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

/** Below the home directory and not in /tmp: nobody else can put a file there that our operator would follow. */
const runsDir = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'baseload', 'runs');

/**
 * Makes the run of this process known by the URL of its control API; gives back what makes it unknown again.
 * A home that cannot be written costs only that: the URL is then to be named by hand.
 */
export const announceRun = (control: string, env: NodeJS.ProcessEnv = process.env): (() => void) => {
  const file = join(runsDir(env), `${process.pid}.json`);
  try {
    mkdirSync(runsDir(env), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ control })}\n`, { mode: 0o600 });
  } catch {
    return () => undefined;
  }
  return () => rmSync(file, { force: true });
};

/** The control URLs of the runs whose process is there. One that was killed leaves its file: it is passed over. */
export const announcedRuns = (env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const dir = runsDir(env);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => /^\d+\.json$/.test(name) && isAlive(Number.parseInt(name, 10)))
    .sort()
    .flatMap((name) => controlIn(join(dir, name)));
};

/** None for a file that is half written or gone by now. */
const controlIn = (file: string): readonly string[] => {
  try {
    const { control } = JSON.parse(readFileSync(file, 'utf8')) as { readonly control?: unknown };
    return typeof control === 'string' ? [control] : [];
  } catch {
    return [];
  }
};
