// Owns one DynamoDB engine as a child process: start, wait until it answers, stop, and no second one on the same file.
// Leaves to engine-binary.ts which engine it is, to tables.ts what is in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isTcpFree } from '../free-port.ts';
import { isAlive } from '../is-alive.ts';
import { engineCommand } from './engine-binary.ts';
import { DynamoConnection } from './engine-client.ts';

const START_DEADLINE_MS = 15_000;
const POLL_MS = 20;
/** The engine loses no acknowledged write on SIGKILL, so a slow end is cut short. */
const STOP_GRACE_MS = 600;
/** What a killed engine's sockets may outlive it by on a busy machine. */
const PORT_GRACE_MS = 3_000;

export interface Engine {
  readonly url: string;
  readonly pid: number;
  readonly connection: DynamoConnection;
  /** Resolves when the child is gone, within a second. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** One file per engine; its directory is made. */
  readonly dbFile: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Called once when the engine ends without having been asked to. */
  readonly onUnexpectedExit?: (line: string) => void;
}

/**
 * Engines that lose a port race can look alive: whoever holds the port answers in their place. A killed engine is gone from
 * /proc a moment before its sockets are, so a port in use is asked again.
 */
const checkFree = async (port: number): Promise<void> => {
  const deadlineMs = Date.now() + PORT_GRACE_MS;
  while (!(await isTcpFree(port))) {
    if (Date.now() > deadlineMs)
      throw new Error(`port ${port} is in use: end what listens there, or choose another port`);
    await delay(POLL_MS);
  }
};

/** The engine that a pid file names, if that process still is one on this file. Unknown on systems without /proc. */
const engineOn = (dbFile: string, pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dbFile);
  } catch {
    return false;
  }
};

/**
 * Engines do not lock their file. One that outlived its killed parent is ended; one whose parent lives is respected.
 * @throws Error when the file is in use
 */
const takeOver = async (pidFile: string, dbFile: string): Promise<void> => {
  if (!existsSync(pidFile)) return;
  const [engine = 0, parent = 0] = readFileSync(pidFile, 'utf8').split(' ').map(Number);
  if (!engineOn(dbFile, engine)) return;
  if (isAlive(parent)) {
    throw new Error(`${dbFile} is in use by process ${parent}: end it, or choose another data directory`);
  }
  process.kill(engine, 'SIGKILL');
  const deadlineMs = Date.now() + STOP_GRACE_MS;
  while (engineOn(dbFile, engine) && Date.now() < deadlineMs) await delay(POLL_MS);
};

const whenAnswering = async (
  child: ChildProcess,
  connection: DynamoConnection,
  output: () => string,
): Promise<void> => {
  const deadlineMs = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the DynamoDB engine at ${connection.url} ended at its start (${output()}): is the port in use?`);
    }
    try {
      const answer = await connection.raw('ListTables', '{}');
      if (answer.status === 200 && child.exitCode === null) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(
        `the DynamoDB engine at ${connection.url} did not answer within ${START_DEADLINE_MS} ms: ${output()}`,
      );
    }
    await delay(POLL_MS);
  }
};

/** @throws EngineUnavailable without a binary; Error when it ends or stays silent at its start */
export const startEngine = async ({ dbFile, port, onUnexpectedExit }: EngineOptions): Promise<Engine> => {
  mkdirSync(dirname(dbFile), { recursive: true });
  const pidFile = `${dbFile}.pid`;
  await takeOver(pidFile, dbFile);
  // Engines announce `--port 0` as port 0.
  const chosen = port === 0 ? await freePort() : port;
  await checkFree(chosen);
  const { command, args, needsDirectory } = engineCommand(chosen, dbFile);
  if (needsDirectory !== undefined) mkdirSync(needsDirectory, { recursive: true });
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever ends this process in an orderly way ends the engine too.
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const ended = new Promise<void>((resolve) => {
    const over = (): void => {
      process.off('exit', killWithParent);
      resolve();
    };
    child.once('exit', over);
    child.once('error', over);
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-500);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => collect(Buffer.from(error.message)));
  const connection = new DynamoConnection(`http://127.0.0.1:${chosen}`);
  try {
    await whenAnswering(child, connection, () => output.trim().replaceAll('\n', ' '));
  } catch (error) {
    connection.close();
    throw error;
  }
  const pid = child.pid ?? 0;
  writeFileSync(pidFile, `${pid} ${process.pid}`);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) onUnexpectedExit?.(`the DynamoDB engine of ${dbFile} ended (${signal ?? code}): ${output.trim()}`);
  });
  return {
    url: connection.url,
    pid,
    connection,
    async stop() {
      stopping = true;
      connection.close();
      child.kill('SIGTERM');
      const grace = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(grace);
      rmSync(pidFile, { force: true });
    },
  };
};
