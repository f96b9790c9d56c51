// Owns whether a Region may write and read strongly now, and the real round trip that this takes.
// Leaves to network.ts who reaches whom.
import { setTimeout as delay } from 'node:timers/promises';
import { AwsRefusal } from '../protocol.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { Network } from './network.ts';
import type { Replica } from './replica.ts';

/** A cut-off Region looks for a quorum before it gives up. */
export const REFUSAL_DELAY_MS = 80;

/**
 * What a Region without quorum answers to writes and strong reads: AWS FIS injects the same when it pauses the replication
 * of an MRSC table (`aws:dynamodb:global-table-pause-replication`).
 */
const unavailable = (): AwsRefusal => new AwsRefusal(500, 'InternalServerError', 'Internal server error');

export class Quorum {
  constructor(
    private readonly network: Network,
    private readonly replica: Replica,
  ) {}

  /**
   * Runs `atCommit` between the two halves of the round trip to the nearest participant.
   * @throws AwsRefusal InternalServerError (500) without a quorum, also when it is lost on the way: then `atCommit` may have run
   */
  async through<T>(table: LedgerTable, atCommit: () => Promise<T>): Promise<T> {
    const tripMs = this.tripMs(table);
    if (tripMs === undefined) {
      await delay(REFUSAL_DELAY_MS);
      throw unavailable();
    }
    const cuts = this.network.cuts(this.replica.region);
    await delay(tripMs / 2);
    this.checkUncut(cuts);
    const result = await atCommit();
    await delay(tripMs / 2);
    this.checkUncut(cuts);
    return result;
  }

  /** To the nearest participant, milliseconds; undefined while this Region is cut off or has not caught up. */
  private tripMs(table: LedgerTable): number | undefined {
    return this.replica.caughtUp ? this.network.nearestTripMs(this.replica.region, table.participants) : undefined;
  }

  private checkUncut(cuts: number): void {
    if (this.network.cuts(this.replica.region) !== cuts) throw unavailable();
  }
}
