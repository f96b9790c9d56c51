// Owns how many requests an account may make in a window of time, and when a worker must ask what the others have seen.
// Leaves to shared/account-limit.ts the clock and the counter that all workers of a Region share.

/** Windows are fixed and the same for every worker: a shared count is one number, and it is known when it starts over. */
export const WINDOW_MS = 10_000;

/**
 * A worker lets so many requests of an account through in a window before it asks: almost every payer makes fewer, and costs
 * nothing. The price is exactness: N workers admit at most the limit and N times this in a window.
 */
export const UNASKED_REQUESTS = 5;

/** What a worker knows of one account in one window. */
export interface Seen {
  readonly windowStartMs: number;
  /** Of this worker. */
  readonly requests: number;
  /** How many of them the others know of. */
  readonly reported: number;
  /** Of all workers, when it was last asked. */
  readonly total: number;
}

export type Admission =
  | {
      readonly kind: 'admitted' /** At most so many more in this window; undefined when nobody knows. */;
      readonly remaining: number | undefined;
    }
  | { readonly kind: 'refused'; readonly retryAfterSeconds: number };

export type Meeting =
  | { readonly kind: 'decided'; readonly seen: Seen; readonly admission: Admission }
  /** Add `report` to the shared count of the window, and then `judgeTotal`. */
  | { readonly kind: 'ask'; readonly seen: Seen; readonly report: number };

export const windowStartMs = (nowMs: number): number => nowMs - (nowMs % WINDOW_MS);

/** What follows from one more request of the account at `nowMs`; `before` may be of an older window. */
export const meetRequest = (before: Seen | undefined, nowMs: number, limit: number): Meeting => {
  const startMs = windowStartMs(nowMs);
  const known = before?.windowStartMs === startMs ? before : { requests: 0, reported: 0, total: 0 };
  const seen = { ...known, windowStartMs: startMs, requests: known.requests + 1 };
  if (known.total >= limit) return { kind: 'decided', seen, admission: refusedAt(nowMs) };
  if (seen.requests <= UNASKED_REQUESTS) {
    return { kind: 'decided', seen, admission: { kind: 'admitted', remaining: Math.max(0, limit - seen.requests) } };
  }
  return { kind: 'ask', seen: { ...seen, reported: seen.requests }, report: seen.requests - known.reported };
};

/** `total` is the shared count, this request included. */
export const judgeTotal = (total: number, nowMs: number, limit: number): Admission =>
  total <= limit ? { kind: 'admitted', remaining: limit - total } : refusedAt(nowMs);

/** The next window begins in so many seconds, rounded up. */
const refusedAt = (nowMs: number): Admission => ({
  kind: 'refused',
  retryAfterSeconds: Math.ceil((windowStartMs(nowMs) + WINDOW_MS - nowMs) / 1000),
});
