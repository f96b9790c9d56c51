// Owns what the routes of tariffs and meters are given.
// Leaves to handler.ts where it comes from.
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { Accounts } from '../shared/accounts.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface TariffsDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly accounts: Accounts;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
