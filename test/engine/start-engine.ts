// Owns a DynamoDB engine for one test file: a dynoxide child on a free loopback port, its data in a temporary file.
// Leaves to tables.ts what is in it, to fault-proxy.ts what goes wrong on the way to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Engine {
  readonly endpoint: string;
  /** Ends the engine and deletes its data. Safe to call twice. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;
const PORT_TRIES = 5;

/**
 * Kills the engine and deletes its data when the pipe from this process closes: after `stop`, and also when this process is
 * killed. Signals to the group (Ctrl-C) are left to the pipe, or the engine could outlive its shell.
 */
const GUARD = `
trap '' INT TERM HUP
"$0" "$@" & engine=$!
cat >/dev/null
kill -9 "$engine" 2>/dev/null; wait "$engine"
rm -rf "$DATA"`;

const enginePath = (): string =>
  process.env.BASELOAD_ENGINE ??
  join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

const listening = (guard: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = '';
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    const fail = (why: string) =>
      settle(() => reject(new Error(`the engine ${enginePath()} ${why}; it said: ${output.trim()}`)));
    const timer = setTimeout(() => fail(`is not ready after ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/listening on/i.test(output)) settle(resolve);
      else if (/error/i.test(output)) fail('failed to start');
    };
    guard.stdout?.on('data', read);
    guard.stderr?.on('data', read);
    guard.once('error', (error) => fail(`could not be run (${error.message})`));
  });

/** Starts an engine. `BASELOAD_ENGINE` names another binary that takes the same arguments. */
export const startEngine = async (): Promise<Engine> => {
  await access(enginePath(), constants.X_OK);
  let failure: unknown;
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = await freePort();
    const data = await mkdtemp(join(tmpdir(), 'baseload-engine-'));
    const serve = ['serve', '--port', String(port), '--db-path', join(data, 'engine.db')];
    const guard = spawn('sh', ['-c', GUARD, enginePath(), ...serve], { env: { ...process.env, DATA: data } });
    const ended = new Promise<void>((resolve) => guard.once('close', () => resolve()));
    const stop = (): Promise<void> => {
      guard.stdin.end();
      return ended;
    };
    try {
      await listening(guard);
      return { endpoint: `http://127.0.0.1:${port}`, stop };
    } catch (error) {
      // Another process may have taken the port between the question and the start.
      failure = error;
      await stop();
    }
  }
  throw failure;
};
