// Owns how a Region's view finds facts by their day, whichever accounts they are of: outcomes at the processor, and differences.
// Leaves to domain/reconcile.ts what is made of them.
import type { AccountId, IsoDate } from '../domain/ids.ts';
import type { FactKey } from '../domain/keys.ts';

export interface FactPlace {
  readonly accountId: AccountId;
  readonly key: FactKey;
}

export interface PlacePage {
  readonly places: readonly FactPlace[];
  /** Opaque. Absent on the last page. */
  readonly cursor?: string;
}

interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}

/** Reads are strong within the Region. @throws ViewUnavailable, InvalidCursor */
export interface DayIndex {
  /**
   * PaymentSettled and RefundSettled of one shard, 0 to OUTCOME_SHARDS - 1, with `fromMs <= occurredAtMs < toMs`, oldest first.
   * @throws RangeError when the two are not of one UTC day
   */
  outcomes(shard: number, page: Paging & { readonly fromMs: number; readonly toMs: number }): Promise<PlacePage>;
  /** DifferenceFound of one UTC day. */
  differences(window: IsoDate, page: Paging): Promise<PlacePage>;
}

/** Partitions of a day's outcomes: a partition takes 500 transactional writes a second, a payment makes one. */
export const OUTCOME_SHARDS = 8;
