// Owns one child process of a run: its own process group, its log file, its ready message, its end.
// Leaves to supervisor.ts which children there are and what an end means.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadyMessage } from '../processes.ts';
import { oneLine, StartFailure } from './start-failure.ts';

export interface ChildSpec {
  /** For messages: `ledger`, `Region us-east-1`. */
  readonly title: string;
  readonly entry: URL;
  readonly config: object;
  readonly configFile: string;
  readonly logFile: string;
}

export interface Child {
  /** SIGKILL to the whole group; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL to whatever of the group is left after the grace. */
  end(): Promise<void>;
  /** Resolves with how it ended, whoever ended it. */
  readonly ended: Promise<string>;
}

const READY_DEADLINE_MS = 30_000;
const GRACE_MS = 1_500;
const LOG_TAIL_CHARACTERS = 400;

/** The leaders of the process groups that live. */
const living = new Set<number>();

/** For the very end, where nothing can be waited for: SIGKILL to every group that is left. */
export const killEveryChild = (): void => {
  for (const pid of living) signalGroup(pid, 'SIGKILL');
};

const signalGroup = (leader: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group is gone already.
  }
};

/**
 * Starts the process and waits for its ready message.
 * @throws StartFailure with the end of its log when it ends before, or stays silent
 */
export const startChild = async (spec: ChildSpec): Promise<Child> => {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  mkdirSync(dirname(spec.configFile), { recursive: true });
  writeFileSync(spec.configFile, JSON.stringify(spec.config), { mode: 0o600 });
  const log = openSync(spec.logFile, 'a');
  const started = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(spec.entry), spec.configFile], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    // A group of its own: one signal reaches its engine and workers too, and Ctrl-C in a terminal does not reach it.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  closeSync(log);
  const child = asChild(started);
  try {
    await whenReady(started, child);
  } catch (cause) {
    await child.kill();
    throw new StartFailure(`${spec.title} did not start: ${oneLine(cause)}: ${tailOf(spec.logFile)}`, { cause });
  }
  return child;
};

const asChild = (started: ChildProcess): Child => {
  const { pid } = started;
  if (pid !== undefined) living.add(pid);
  const ended = new Promise<string>((resolve) => {
    started.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    started.once('error', (cause) => resolve(cause.message));
  });
  const kill = async (): Promise<void> => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    await ended;
    if (pid !== undefined) living.delete(pid);
  };
  return {
    ended,
    kill,
    end: async () => {
      started.kill('SIGTERM');
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, GRACE_MS);
      });
      await Promise.race([ended, grace]);
      clearTimeout(timer);
      await kill();
    },
  };
};

const whenReady = (started: ChildProcess, child: Child): Promise<void> =>
  new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`no ready message in ${READY_DEADLINE_MS} ms`)),
      READY_DEADLINE_MS,
    );
    const settle = (then: () => void) => {
      clearTimeout(deadline);
      then();
    };
    started.on('message', (message: ReadyMessage) => {
      if (message.kind === 'ready') settle(resolve);
    });
    void child.ended.then((how) => settle(() => reject(new Error(`it ended (${how})`))));
  });

const tailOf = (logFile: string): string => {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const telling = lines.findLast((line) => /error|cannot|in use|failed/i.test(line)) ?? lines.at(-1) ?? '';
  return telling.trim().slice(0, LOG_TAIL_CHARACTERS) || 'its log is empty';
};
