// Owns what the local Route 53 takes from outside, time and chance, so that tests can hand in their own.
// Leaves to its files what they do with them.

export interface Timers {
  nowMs(): number;
  /** Calls `run` once after `delayMs`; the returned function takes that back. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Numbers in [0, 1), one at a time: from dynamodb/seeded-random.ts, or a test's own. */
export type Random = () => number;
