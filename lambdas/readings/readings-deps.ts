// Owns what the routes of readings are given.
// Leaves to handler.ts where it comes from.
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { Batches } from '../ports/readings.ts';
import type { Accounts } from '../shared/accounts.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface ReadingsDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly accounts: Accounts;
  readonly catalog: Pick<Catalog, 'joinMeter' | 'meters'>;
  readonly batches: Pick<Batches, 'open' | 'status'>;
  /** The queue `intake`. */
  readonly intake: Queue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}
