// Owns how long the loser of a race waits before it tries again.
// Leaves to its callers how often they try.

export interface Pacing {
  /** Waits after the `attempt`-th lost race, counted from 1. */
  pause(attempt: number): Promise<void>;
}

/**
 * Full jitter: a random wait below `baseMs` doubled per attempt, at most `capMs`. Of the jitters it makes contenders do the
 * least work (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
 */
export const fullJitter = (
  { baseMs, capMs }: { readonly baseMs: number; readonly capMs: number },
  // Looked up when it is called, as setTimeout is: a simulation has its own.
  random: () => number = () => Math.random(),
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Pacing => ({
  pause: (attempt) => sleep(random() * Math.min(capMs, baseMs * 2 ** (attempt - 1))),
});
