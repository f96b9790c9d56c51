// Owns the deadline of a call: whatever it does ends in time.
// Leaves to shared/policies.ts how much time that is.

/** The answer did not come within the deadline of the whole call. */
class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
  }
}

/** Runs `work` with a signal that aborts after `deadlineMs`, its reason a DeadlineExceeded. The timer never outlives the work. */
export const within = async <T>(deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
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
