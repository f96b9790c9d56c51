// Owns how a failed request of the ledger is told to its caller.
// Leaves to attempts.ts how certain it is.
import { LedgerUnavailable } from '../../ports/event-log.ts';
import type { RequestFailed } from './client.ts';

/** For writes: the outcome is what the attempts show. */
export const ledgerUnavailable = (failure: RequestFailed): LedgerUnavailable =>
  new LedgerUnavailable(failure.attempts.outcome, failure.message, failure.attempts.reason, { cause: failure });

/** For reads, which change nothing however they end. */
export const ledgerUnreadable = (failure: RequestFailed): LedgerUnavailable =>
  new LedgerUnavailable('not-attempted', failure.message, failure.attempts.reason, { cause: failure });
