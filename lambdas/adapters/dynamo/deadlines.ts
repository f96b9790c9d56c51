// Owns how long a call of DynamoDB may take and how often it is tried, each number with its reason, and the deadline itself.
// Leaves to client.ts how the SDK is told.

export interface Timing {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly callDeadlineMs: number;
}

export const TIMING: Timing = {
  /** Inside a Region a TCP connection takes about 1 ms: after 500 the path is broken, and nothing has been sent yet. */
  connectTimeoutMs: 500,
  /** A strong write waits for one round trip to another Region, some 70 ms; 1,500 is 20 of them, and leaves time to try again. */
  requestTimeoutMs: 1500,
  /** All tries, pauses and follow-up reads of one port call. A payer's client gives up on a Region soon after that. */
  callDeadlineMs: 5000,
};

/** The SDK's standard mode: enough for a throttle or a dropped connection, few enough to end within the deadline. */
export const MAX_ATTEMPTS = 4;

/** A worker serves one request at a time; only a replay has more under way, and those wait rather than open more. */
export const MAX_SOCKETS = 50;

/** A health checker waits 2 s for its answer, so a heartbeat must have failed before that. */
export const HEARTBEAT_DEADLINE_MS = 1500;

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
