// Owns what a lookup may ask about one account, wherever the answer comes from: the view, the ledger, or both laid together.
// Leaves to the routes what is computed from it.
import type { Fact } from '../domain/facts.ts';
import type { Period } from '../domain/ids.ts';
import type { StreamId } from '../domain/keys.ts';
import type { AccountSums } from '../domain/sums.ts';

export interface AccountView {
  sums(): Promise<AccountSums>;
  /** Every fact of a stream, by ordinal. */
  stream(stream: StreamId): Promise<readonly Fact[]>;
  /**
   * Bill facts, newest period first, ordinals descending, none of a period before `downTo`; read a page at a time, as far as they are
   * asked for.
   */
  bills(downTo?: Period): AsyncIterable<Fact>;
  /** Facts with `fromMs <= occurredAtMs < toMs`, oldest first, ordered by (occurredAtMs, key). */
  timeline(fromMs: number, toMs: number): AsyncIterable<Fact>;
  /** What the payer owed from all facts with `occurredAtMs < instantMs`, in minor units. */
  balanceBefore(instantMs: number): Promise<bigint>;
}

/** Later than any fact and within the 15 digits of the time index: the year 33658. */
export const END_OF_TIME_MS = 999_999_999_999_999;

/** The end of the year 9999: the last that ISO 8601 writes with four digits, as the months of the views are written. */
export const LAST_INSTANT_MS = 253_402_300_799_999;
