// Owns what one failed attempt means: was it surely refused, or may the store have done it?
// Leaves to attempts.ts the adding up over all attempts of a request.
import type { LedgerUnavailable } from '../../ports/event-log.ts';

export type Reason = LedgerUnavailable['reason'];

export interface Verdict {
  /** `refused`: the store did not do it and will not. `unknown`: it may have, or may still. */
  readonly certainty: 'refused' | 'unknown';
  readonly reason: Reason;
}

const THROTTLES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
]);

/**
 * "The request was rejected because one or more items in the request are being modified by a request in another Region":
 * a definite no, for this attempt (API reference, ReplicatedWriteConflictException).
 */
const CONFLICTS: ReadonlySet<string> = new Set(['ReplicatedWriteConflictException', 'TransactionConflictException']);

/** Answers with a 4xx status which nevertheless say that the request may be under way. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  'TransactionInProgressException',
  'RequestTimeout',
  'RequestTimeoutException',
]);

/** The connection was never made: name resolution or TCP failed, so no byte of the request left. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The connection broke under the request; the SDK's handler calls these time-outs as well. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

interface Described {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const describe = (error: unknown): Described => (typeof error === 'object' && error !== null ? error : {});

/** The name under which DynamoDB or the SDK throws `error`. */
export const nameOf = (error: unknown): string => String(describe(error).name ?? typeof error);

/** What it says; by its shape, since errors of Node's own come from outside of a test's realm. */
export const messageOf = (error: unknown): string => String(describe(error).message ?? error);

/** The HTTP handler's own words for a connect timeout: it gives this error no code of its own. */
const isConnectTimeout = ({ name, message }: Described): boolean =>
  name === 'TimeoutError' && String(message).includes('did not establish a connection');

/**
 * Judges the failure of an attempt that reached the HTTP handler.
 * What is not known to be a refusal is `unknown`: a payer told `not-attempted` may pay elsewhere.
 */
export const judge = (error: unknown): Verdict => {
  const described = describe(error);
  const name = nameOf(error);
  const status = described.$metadata?.httpStatusCode ?? 0;
  if (THROTTLES.has(name) || status === 429) return { certainty: 'refused', reason: 'throttled' };
  if (CONFLICTS.has(name)) return { certainty: 'refused', reason: 'conflict' };
  if (AMBIGUOUS.has(name) || status === 408) return { certainty: 'unknown', reason: 'timeout' };
  if (status >= 400 && status < 500) return { certainty: 'refused', reason: 'refused' };
  if (NEVER_CONNECTED.has(String(described.code))) return { certainty: 'refused', reason: 'unreachable' };
  if (isConnectTimeout(described)) return { certainty: 'refused', reason: 'unreachable' };
  if (BROKEN.has(String(described.code))) return { certainty: 'unknown', reason: 'unreachable' };
  if (status >= 500) return { certainty: 'unknown', reason: 'refused' };
  if (name === 'TimeoutError' || name === 'AbortError' || name === 'DeadlineExceeded') {
    return { certainty: 'unknown', reason: 'timeout' };
  }
  return { certainty: 'unknown', reason: 'unreachable' };
};
