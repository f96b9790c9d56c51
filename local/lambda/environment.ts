// Owns one execution environment from the outside: a worker thread that is started, given one event at a time, and ended.
// Leaves to pool.ts when one is started and which event it gets.
import { Worker } from 'node:worker_threads';
import type { FunctionError } from './invocation.ts';

export interface EnvironmentSpec {
  readonly functionArn: string;
  readonly assetDir: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The port of 127.0.0.1 that stands for a public hostname; absent: there are none. */
  readonly publicPorts?: Readonly<Record<string, number>>;
  /** Steps of Unix niceness below this process. */
  readonly niceness: number;
  /** Of a movable clock; absent: the machine's time. */
  readonly clockOffset?: SharedArrayBuffer;
  readonly onLog: (lines: readonly string[]) => void;
}

export type RunResult =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: FunctionError }
  | { readonly kind: 'logged'; readonly lines: readonly string[] }
  | RunResult;

/** A dozen environments with V8's own 48 MB each would take more memory than the rest of a Region. */
const YOUNG_GENERATION_MB = 16;

const BOOTSTRAP = new URL('./worker.mjs', import.meta.url);

export class Environment {
  private readonly worker: Worker;
  private finish: ((result: RunResult) => void) | undefined;
  private death: FunctionError | undefined;
  /** Resolves when the handler is loaded, or could not be: the first event then gets the reason. */
  readonly initialized: Promise<void>;

  constructor(private readonly spec: EnvironmentSpec) {
    const { assetDir, handler, functionArn, logGroupName, logStreamName, memoryMb } = spec;
    const { niceness, clockOffset, publicPorts } = spec;
    const own = { assetDir, handler, functionArn, logGroupName, logStreamName, memoryMb };
    this.worker = new Worker(BOOTSTRAP, {
      workerData: { ...own, niceness, clockOffset, publicPorts },
      env: { ...spec.variables },
      // Nothing of the parent's loaders: the asset is plain JavaScript, as it is on Lambda.
      execArgv: [],
      // Bounds the heap only; memory outside it, such as large Buffers, is not counted here.
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.initialized = new Promise((resolve) => {
      this.worker.on('message', (message: WorkerMessage) => {
        switch (message.kind) {
          case 'logged':
            spec.onLog(message.lines);
            return;
          case 'ready':
            resolve();
            return;
          case 'init-failed':
            this.die(message.error);
            resolve();
            return;
          case 'returned':
          case 'failed':
            this.settle(message);
            return;
        }
      });
      this.worker.on('error', (error: Error & { code?: string }) => {
        this.die(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? { errorType: 'Runtime.OutOfMemory', errorMessage: `Memory limit of ${memoryMb} MB was reached` }
            : { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') },
        );
      });
      this.worker.on('exit', (code) => {
        this.die({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: exit status ${code}` });
        resolve();
      });
    });
  }

  /** False once the thread has ended or is being ended: it takes no more events. */
  get alive(): boolean {
    return this.death === undefined;
  }

  /** Runs one event; the caller gives the next one only after this has resolved. */
  run(requestId: string, event: string): Promise<RunResult> {
    if (this.death !== undefined) return Promise.resolve({ kind: 'failed', error: this.death });
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        const seconds = (this.spec.timeoutMs / 1000).toFixed(2);
        this.die({
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
        });
      }, this.spec.timeoutMs);
      this.finish = (result) => {
        clearTimeout(deadline);
        resolve(result);
      };
      this.worker.postMessage({ requestId, event, timeoutMs: this.spec.timeoutMs });
    });
  }

  async end(): Promise<void> {
    this.die({ errorType: 'Runtime.Shutdown', errorMessage: 'the environment was ended' });
    await this.worker.terminate();
  }

  private settle(result: RunResult): void {
    const finish = this.finish;
    this.finish = undefined;
    finish?.(result);
  }

  private die(reason: FunctionError): void {
    if (this.death !== undefined) return;
    this.death = reason;
    this.settle({ kind: 'failed', error: reason });
    void this.worker.terminate();
  }
}
