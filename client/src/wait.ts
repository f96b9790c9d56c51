// Owns waiting that has an end: for the first of some promises, a point in time, or the caller's signal.
// Leaves to whoever waits what each of them means.
import type { Clock } from './clock.ts';

export interface Until {
  readonly atMs: number;
  readonly signal: AbortSignal | undefined;
}

export type Waited<T> =
  | { readonly kind: 'ended'; readonly value: T }
  | { readonly kind: 'time-up' }
  | { readonly kind: 'cancelled'; readonly reason: unknown };

/** Rejects when the first of `promises` to end does. Leaves neither timer nor listener behind. */
export const firstOf = async <T>(
  promises: readonly Promise<T>[],
  clock: Clock,
  { atMs, signal }: Until,
): Promise<Waited<T>> => {
  if (signal?.aborted) return { kind: 'cancelled', reason: signal.reason };
  let stopWaiting = () => {};
  const otherEnd = new Promise<Waited<T>>((resolve) => {
    const cancelTimer = clock.after(Math.max(0, atMs - clock.nowMs()), () => resolve({ kind: 'time-up' }));
    const cancelled = () => resolve({ kind: 'cancelled', reason: signal?.reason });
    signal?.addEventListener('abort', cancelled);
    stopWaiting = () => {
      cancelTimer();
      signal?.removeEventListener('abort', cancelled);
    };
  });
  try {
    const ends = promises.map(async (promise): Promise<Waited<T>> => ({ kind: 'ended', value: await promise }));
    return await Promise.race([...ends, otherEnd]);
  } finally {
    stopWaiting();
  }
};
