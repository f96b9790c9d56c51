// Owns the deadline of a call: whatever it does ends in time.
// Leaves to shared/policies.ts how much time that is.

/** The answer did not come within the deadline of the whole call. */
class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
  }
}

/**
 * Runs `work` and rejects with a DeadlineExceeded after `deadlineMs`, even where `work` does not watch the signal: the SDK does not
 * between two tries, where it may pause for seconds after a throttle, nor while it resolves credentials.
 */
export const within = <T>(deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  withSignal(deadlineMs, (signal) => Promise.race([work(signal), endOf(signal)]));

/** For work that ends by itself at the signal, and has more to say then. The timer never outlives the work. */
export const withSignal = async <T>(deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineExceeded(deadlineMs)), deadlineMs);
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
};

/** Rejects with the signal's reason when it aborts, for work that does not watch the signal itself. */
export const endOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
