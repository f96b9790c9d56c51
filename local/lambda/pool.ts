// Owns the execution environments of one version of a function: which event runs where, when another is started.
// Leaves to environment.ts how one event is run, to versions.ts how many may be under way.
import { randomUUID } from 'node:crypto';
import { Environment, type EnvironmentSpec } from './environment.ts';
import type { Gate } from './gate.ts';
import { type InvocationResult, MAX_PAYLOAD_BYTES } from './invocation.ts';

export interface PoolOptions {
  readonly spec: Omit<EnvironmentSpec, 'logStreamName'>;
  /** What its log streams are named after. */
  readonly version: string;
  /** Threads this machine gives the function; what exceeds them waits for the first free one. */
  readonly maxEnvironments: number;
  /** Shared with other functions, so that a burst does not start everything at once. */
  readonly coldStarts: Gate;
  /** How long an event may wait for a thread before it counts as throttled, milliseconds. */
  readonly maxWaitMs: number;
}

interface Waiter {
  readonly take: (environment: Environment) => void;
}

export class FunctionPool {
  private readonly free: Environment[] = [];
  private readonly all = new Set<Environment>();
  private readonly waiters: Waiter[] = [];
  private starting = 0;
  private underWay = 0;
  private closed = false;
  private onIdle: (() => void) | undefined;

  constructor(private readonly options: PoolOptions) {}

  /** Runs the function with `event`, a JSON text. Never rejects: what goes wrong is in the result, as Lambda reports it. */
  async invoke(event: string): Promise<InvocationResult> {
    if (this.closed) return { kind: 'throttled' };
    const requestId = randomUUID();
    if (Buffer.byteLength(event) > MAX_PAYLOAD_BYTES) {
      return {
        kind: 'failed',
        requestId,
        error: {
          errorType: 'RequestEntityTooLargeException',
          errorMessage: `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
        },
      };
    }
    this.underWay += 1;
    try {
      const environment = this.takeFree() ?? (await this.waitForOne());
      if (environment === undefined) return { kind: 'throttled' };
      const result = await environment.run(requestId, event);
      this.giveBack(environment);
      if (result.kind === 'failed') {
        this.options.spec.onLog([JSON.stringify({ level: 'ERROR', requestId, ...result.error })]);
        return { ...result, requestId };
      }
      if (Buffer.byteLength(result.payload) > MAX_PAYLOAD_BYTES) {
        return {
          kind: 'failed',
          requestId,
          error: {
            errorType: 'Function.ResponseSizeTooLarge',
            errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
          },
        };
      }
      return { ...result, requestId };
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.onIdle?.();
    }
  }

  /** Environments alive or starting, for tests and state. */
  get size(): number {
    return this.all.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((environment) => environment.end()));
  }

  /** Once nothing calls it any more: what is under way ends as it would, then its threads do. */
  async retire(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.close();
  }

  private takeFree(): Environment | undefined {
    for (let environment = this.free.pop(); environment !== undefined; environment = this.free.pop()) {
      if (environment.alive) return environment;
      this.all.delete(environment);
    }
    return undefined;
  }

  private waitForOne(): Promise<Environment | undefined> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        take: (environment) => {
          clearTimeout(patience);
          resolve(environment);
        },
      };
      const patience = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        resolve(undefined);
      }, this.options.maxWaitMs);
      this.waiters.push(waiter);
      this.startOneIfShort();
    });
  }

  private startOneIfShort(): void {
    if (this.closed || this.starting >= this.waiters.length) return;
    if (this.all.size + this.starting >= this.options.maxEnvironments) return;
    this.starting += 1;
    void this.options.coldStarts.through(async () => {
      // A thread may have become free while this one waited for its turn.
      if (this.closed || this.waiters.length === 0) {
        this.starting -= 1;
        return;
      }
      const environment = new Environment({
        ...this.options.spec,
        logStreamName: `[${this.options.version}]${randomUUID().replaceAll('-', '')}`,
      });
      this.all.add(environment);
      this.starting -= 1;
      await environment.initialized;
      this.giveBack(environment, 'even when it could not start');
    });
  }

  /** A fresh environment that failed to start still goes to a waiter: that is how the caller hears why. */
  private giveBack(environment: Environment, fresh?: 'even when it could not start'): void {
    if (!environment.alive) this.all.delete(environment);
    if (environment.alive || fresh !== undefined) {
      const next = this.waiters.shift();
      if (next !== undefined) {
        next.take(environment);
        return;
      }
      if (environment.alive) this.free.push(environment);
      return;
    }
    this.startOneIfShort();
  }
}
