// Owns what the lookup routes are given.
// Leaves to handler.ts where it comes from.
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { AccountLimit } from '../shared/account-limit.ts';
import type { Accounts } from '../shared/accounts.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import type { UsageSources } from '../shared/rated-usage.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import type { KeptReads } from './kept-reads.ts';
import type { Staleness } from './staleness.ts';
import type { ViewTrust } from './view-trust.ts';

export interface LookupDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: Pick<EventLog, 'readStream' | 'readAccount'>;
  readonly views: ViewReads;
  readonly accounts: Accounts;
  readonly limit: AccountLimit;
  readonly staleness: Staleness;
  readonly trust: ViewTrust;
  readonly usage: UsageSources;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What a worker has besides. */
export interface LookupWorker extends LookupDeps {
  readonly kept: KeptReads;
}
