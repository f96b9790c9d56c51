// Owns what a Region's disposable view must do: hold copies of facts and order-free sums, each fact applied exactly once.
// Leaves to domain/ everything computed on read: running balance, due amount, status.
import type { Fact } from '../domain/facts.ts';
import type { AccountId, Period } from '../domain/ids.ts';
import type { FactKey, StreamId } from '../domain/keys.ts';
import type { AccountSums } from '../domain/sums.ts';
import type { FactPage } from './event-log.ts';

/** A page of an account's bill facts, of `downTo` and later periods. */
export interface BillsAsked {
  readonly limit: number;
  readonly cursor?: string;
  readonly downTo?: Period;
}

/** Every read is strong within its Region, and throws ViewUnavailable, CorruptFact or, where it takes a cursor, InvalidCursor. */
export interface ViewStore {
  /**
   * Applies each fact once, whatever the order and however often it is handed in: its copy and its sums in one transaction.
   * @throws ViewUnavailable; facts that were applied by then stay applied, and all may be handed in again.
   */
  apply(facts: readonly Fact[]): Promise<void>;
  /** Undefined when the view holds nothing of the account. */
  sums(accountId: AccountId): Promise<AccountSums | undefined>;
  fact(accountId: AccountId, key: FactKey): Promise<Fact | undefined>;
  /** Every fact of a stream the view holds, by ordinal. */
  stream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]>;
  /** Bill facts (streams `b#…`), newest period first, ordinals descending; none of a period before `downTo`. */
  bills(accountId: AccountId, asked: BillsAsked): Promise<FactPage>;
  /** Facts with `fromMs <= occurredAtMs < toMs`, oldest first, ordered by (occurredAtMs, key). */
  timeline(
    accountId: AccountId,
    page: { readonly fromMs: number; readonly toMs: number; readonly limit: number; readonly cursor?: string },
  ): Promise<FactPage>;
  /** What the payer owed from all facts with `occurredAtMs < instantMs`, in minor units, from month and day sums plus one day's facts. */
  balanceBefore(accountId: AccountId, instantMs: number): Promise<bigint>;
}

/** The view could not be read or written in time. */
export class ViewUnavailable extends Error {
  override readonly name = 'ViewUnavailable';
}
