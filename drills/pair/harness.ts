// Owns a running pair of Regions, for drills and integration tests: starts `npm start` as a child, speaks to it, ends it.
// Leaves to drills and proofs what must hold.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Wiring } from '../../local/control/app.ts';
import type { ControlState } from '../../local/control/state.ts';
import type { ScopedFault } from '../../local/processes.ts';
import type { ReadyFacts } from '../../local/screen/screen.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 6_000;

export interface StartedRun {
  readonly ready: ReadyFacts;
  readonly pid: number;
  /** Everything it has written to stderr so far. */
  logs(): string;
  /** `npm start`'s own exit code; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Resolves with the ready line. @throws Error with the logs when it ends before, or is not ready in 60 s */
export const startRun = async (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<StartedRun> => {
  // As the start script does, without npm in between: the signals of `stop` reach the program itself.
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', '--json', '--port-base', '0', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let logs = '';
  child.stderr.on('data', (chunk: Buffer) => {
    logs += chunk.toString('utf8');
  });
  const ready = await readyLine(child, () => logs);
  return {
    ready,
    pid: child.pid ?? 0,
    logs: () => logs,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await gone;
      clearTimeout(late);
      return child.exitCode;
    },
  };
};

const readyLine = (child: ChildProcess, logs: () => string): Promise<ReadyFacts> =>
  new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready in ${START_DEADLINE_MS} ms:\n${logs()}`));
    }, START_DEADLINE_MS);
    child.once('exit', (code) => {
      clearTimeout(deadline);
      reject(new Error(`ended with exit code ${code} before it was ready:\n${logs()}`));
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      clearTimeout(deadline);
      resolve(JSON.parse(line) as ReadyFacts);
    });
  });

export interface TokenOptions {
  readonly accounts?: readonly string[];
  readonly scope: string;
  readonly ttlSeconds?: number;
  readonly audience?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every route
  readonly body: any;
}

export interface ApiRequest {
  readonly token?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A running pair, as tests use it. */
export class Harness {
  constructor(readonly run: StartedRun) {}

  static async start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Harness> {
    return new Harness(await startRun(args, env));
  }

  get ready(): ReadyFacts {
    return this.run.ready;
  }

  get regionNames(): readonly string[] {
    return Object.keys(this.ready.regions);
  }

  /** A request to `base`: the front door when left out. A string body is sent as it is, anything else as JSON. */
  async api(method: string, path: string, request: ApiRequest = {}, base = this.ready.api): Promise<ApiAnswer> {
    const { token, idempotencyKey, body, signal } = request;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  /** As `api`, at a Region's own endpoint. */
  region(region: string, method: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer> {
    const base = this.ready.regions[region];
    if (base === undefined) throw new Error(`no Region ${region}: there are ${this.regionNames.join(', ')}`);
    return this.api(method, path, request, base);
  }

  control(method: 'GET' | 'POST', path: string, body?: unknown): Promise<ApiAnswer> {
    return this.api(method, path, body === undefined ? {} : { body }, this.ready.control);
  }

  async token({ accounts = [], scope, ttlSeconds, audience }: TokenOptions): Promise<string> {
    const query = new URLSearchParams({ accounts: accounts.join(','), scope });
    if (ttlSeconds !== undefined) query.set('ttlSeconds', String(ttlSeconds));
    if (audience !== undefined) query.set('audience', audience);
    const answer = await this.control('GET', `/dev/token?${query}`);
    if (answer.status !== 200) throw new Error(`no token: ${JSON.stringify(answer.body)}`);
    return answer.body.token as string;
  }

  async state(): Promise<ControlState> {
    const answer = await this.control('GET', '/api/state');
    if (answer.status !== 200) throw new Error(`no state: ${JSON.stringify(answer.body)}`);
    return answer.body as ControlState;
  }

  /** @throws Error when control refuses */
  async tell(region: string, action: 'kill' | 'start' | 'isolate' | 'rejoin'): Promise<void> {
    const answer = await this.control('POST', `/api/regions/${region}/${action}`);
    if (answer.status !== 200) throw new Error(`${action} ${region}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async wiring(): Promise<Wiring> {
    return (await this.control('GET', '/api/wiring')).body as Wiring;
  }

  /** Where the Region's DynamoDB listens, for auditors. */
  async dynamodb(region: string): Promise<string> {
    const endpoint = (await this.wiring()).dynamodb[region];
    if (endpoint === undefined) throw new Error(`no DynamoDB endpoint of ${region}`);
    return endpoint;
  }

  async fault(fault: ScopedFault): Promise<void> {
    const answer = await this.control('POST', '/api/ledger/faults', fault);
    if (answer.status !== 200) throw new Error(`fault refused: ${JSON.stringify(answer.body)}`);
  }

  /**
   * Polls until `condition` gives something other than undefined or false; returns it with the milliseconds it took.
   * @throws Error naming `what` after `timeoutMs`, with what `seen` then gives
   */
  async waitFor<T>(
    what: string,
    condition: () => Promise<T | undefined | false> | T | undefined | false,
    timeoutMs = 30_000,
    seen?: () => unknown,
  ): Promise<{ readonly value: T; readonly tookMs: number }> {
    const startedMs = performance.now();
    for (;;) {
      const value = await condition();
      const tookMs = performance.now() - startedMs;
      if (value !== undefined && value !== false) return { value, tookMs };
      if (tookMs > timeoutMs) {
        const last = seen === undefined ? '' : `; last seen: ${JSON.stringify(seen())}`;
        throw new Error(`waited ${timeoutMs} ms in vain: ${what}${last}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await this.run.stop();
  }
}
