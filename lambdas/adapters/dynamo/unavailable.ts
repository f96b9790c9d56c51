// Owns how a failed request is told to the caller of a port that several adapters serve.
// Leaves to attempts.ts how certain it is.
import { LedgerUnavailable } from '../../ports/event-log.ts';
import { RegionStateUnavailable } from '../../ports/region-state.ts';
import { ViewUnavailable } from '../../ports/view-store.ts';
import type { RequestFailed } from './client.ts';

/** For writes: the outcome is what the attempts show. */
export const ledgerUnavailable = (failure: RequestFailed): LedgerUnavailable =>
  new LedgerUnavailable(failure.attempts.outcome, failure.message, failure.attempts.reason, { cause: failure });

/** For reads, which change nothing however they end. */
export const ledgerUnreadable = (failure: RequestFailed): LedgerUnavailable =>
  new LedgerUnavailable('not-attempted', failure.message, failure.attempts.reason, { cause: failure });

export const viewUnavailable = (cause: RequestFailed): ViewUnavailable => new ViewUnavailable(cause.message, { cause });

export const regionStateUnavailable = (cause: RequestFailed): RegionStateUnavailable =>
  new RegionStateUnavailable(cause.message, { cause });
