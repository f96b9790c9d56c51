// Owns load in an open model: each request begins at its time, whether the ones before it have been answered or not.
// Leaves to proofs and drills what a request is.
import { setTimeout as pause } from 'node:timers/promises';

export interface Sent<T> {
  readonly answer: T;
  /** From the time it was due, so that a sender which is late hides nothing. */
  readonly tookMs: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly forMs: number;
  /** Ends it before that. */
  readonly signal?: AbortSignal;
}

/** Resolves when every request begun in `forMs` has its answer. `send` gets the number of the request, from 0. */
export const atRate = async <T>(
  { perSecond, forMs, signal }: Rate,
  send: (n: number) => Promise<T>,
): Promise<readonly Sent<T>[]> => {
  const startedMs = performance.now();
  const sent: Promise<Sent<T>>[] = [];
  const total = Math.floor((perSecond * forMs) / 1000);
  for (let n = 0; n < total && signal?.aborted !== true; n++) {
    const dueMs = startedMs + (n * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const one = send(n).then((answer) => ({ answer, tookMs: performance.now() - dueMs }));
    // One that fails is told with the others at the end; until then nobody waits for it.
    one.catch(() => undefined);
    sent.push(one);
  }
  return Promise.all(sent);
};
