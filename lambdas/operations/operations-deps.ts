// Owns what the operators' routes are given.
// Leaves to handler.ts where it comes from.
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Profiles } from '../ports/profiles.ts';
import type { Accounts } from '../shared/accounts.ts';
import type { UsageSources } from '../shared/rated-usage.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface OperationsDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: EventLog;
  readonly accounts: Accounts;
  readonly profiles: Profiles;
  readonly usage: UsageSources;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
