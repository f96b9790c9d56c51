// Owns a DynamoDB engine for one test file: a child on a free loopback port, its data in a temporary file.
// Leaves to tables.ts what is in it, to fault-proxy.ts what goes wrong on the way to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineCommand } from '../../local/dynamodb/engine-binary.ts';
import { freePort } from '../../local/free-port.ts';

export interface Engine {
  readonly endpoint: string;
  /** Ends the engine and deletes its data. Safe to call twice. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;
const POLL_MS = 20;
const PORT_TRIES = 5;

/**
 * Kills the engine and deletes its data when the pipe from this process closes: after `stop`, and also when this process is
 * killed. Signals to the group (Ctrl-C) are left to the pipe, or the engine could outlive its shell. The shell falls silent
 * first: it says that its job was killed, and with nobody reading SIGPIPE would end it before the data is deleted.
 */
const GUARD = `
trap '' INT TERM HUP
"$0" "$@" & engine=$!
cat >/dev/null
exec >/dev/null 2>&1
kill -9 "$engine"; wait "$engine"
rm -rf "$DATA"`;

/** What dynoxide says, and the last line of what DynamoDB Local says just before it does. */
const SAYS_IT_LISTENS = /listening on|CorsParams/i;

const listening = (guard: ChildProcess, binary: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = '';
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    const fail = (why: string) =>
      settle(() => reject(new Error(`the engine ${binary} ${why}; it said: ${output.trim()}`)));
    const timer = setTimeout(() => fail(`is not ready after ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (SAYS_IT_LISTENS.test(output)) settle(resolve);
      else if (/error/i.test(output)) fail('failed to start');
    };
    guard.stdout?.on('data', read);
    guard.stderr?.on('data', read);
    guard.once('error', (error) => fail(`could not be run (${error.message})`));
  });

/** DynamoDB Local needs a moment more. */
const answering = async (endpoint: string): Promise<void> => {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await fetch(endpoint);
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await delay(POLL_MS);
    }
  }
};

/** Starts an engine: the one that `npm start` takes, or the one that BASELOAD_DYNAMODB_ENGINE names. */
export const startEngine = async (): Promise<Engine> => {
  let failure: unknown;
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = await freePort();
    const data = await mkdtemp(join(tmpdir(), 'baseload-engine-'));
    const { command, args, needsDirectory } = engineCommand(port, join(data, 'engine.db'));
    if (needsDirectory !== undefined) await mkdir(needsDirectory, { recursive: true });
    const guard = spawn('sh', ['-c', GUARD, command, ...args], { env: { ...process.env, DATA: data } });
    const ended = new Promise<void>((resolve) => guard.once('close', () => resolve()));
    const stop = (): Promise<void> => {
      guard.stdin.end();
      return ended;
    };
    try {
      const endpoint = `http://127.0.0.1:${port}`;
      await listening(guard, command);
      await answering(endpoint);
      return { endpoint, stop };
    } catch (error) {
      // Another process may have taken the port between the question and the start.
      failure = error;
      await stop();
    }
  }
  throw failure;
};
