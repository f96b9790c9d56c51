// Owns the time a client lives by: milliseconds that never go back, and timers.
// Leaves to call.ts what is done when. Injected, so that a test decides what time it is.

export interface Clock {
  /** Monotonic; its zero means nothing. */
  nowMs(): number;
  /** Runs `due` once, `delayMs` from now, unless what it returns is called before. */
  after(delayMs: number, due: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, due) => {
    const timer = setTimeout(due, delayMs);
    return () => clearTimeout(timer);
  },
};
