// Owns what every ledger must do, whichever store holds it, and the ways it may fail.
// Leaves to domain/decide.ts what may be appended; adapters implement it and test/contract holds them to it.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { FactKey, StreamId } from '../domain/keys.ts';

/** `occupied`: another fact holds that ordinal already; it comes back so that the caller can compare fingerprints. */
export type AppendResult = { readonly kind: 'appended' } | { readonly kind: 'occupied'; readonly fact: Fact };

export interface FactPage {
  /** At most `limit`; fewer only on the last page, or on any page of a scan. */
  readonly facts: readonly Fact[];
  /** Opaque (base64url, under 300 characters). Absent on the last page. */
  readonly cursor?: string;
}

export interface EventLog {
  /**
   * Puts `fact` at its stream's ordinal if nothing is there: one conditional write, which is lock, dedupe and commit.
   * `appended` also when an attempt of this call had stored it and its answer was lost on the way.
   * @throws LedgerUnavailable when the store refused (`not-attempted`) or may have accepted (`outcome-unknown`).
   * @throws CorruptFact when the item that holds the ordinal fails its checksum.
   */
  append(fact: Fact): Promise<AppendResult>;
  /**
   * Strong read of one fact.
   * @throws LedgerUnavailable and CorruptFact, as every read here; the outcome of a read is always `not-attempted`.
   */
  readFact(accountId: AccountId, key: FactKey): Promise<Fact | undefined>;
  /** Strong read of a whole stream, by ordinal. Bounded by the ordinals a stream may have. */
  readStream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]>;
  /** Strong read of a page of an account, in key order. `limit` 1..1000 facts. @throws InvalidCursor */
  readAccount(accountId: AccountId, page: { readonly limit: number; readonly cursor?: string }): Promise<FactPage>;
  /**
   * A page of the whole ledger in no particular order, heartbeats and seals left out; for replay and verification. With `onCorrupt` an
   * item that fails its checks is told and left out; without, it is thrown.
   */
  scan(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly segment?: { readonly index: number; readonly of: number };
    readonly onCorrupt?: (error: CorruptFact) => void;
  }): Promise<FactPage>;
}

/** Whether the write can have happened. Both are safe to retry with the same idempotency key. */
export type WriteOutcome = 'not-attempted' | 'outcome-unknown';

/** The ledger could not be reached, refused, or did not answer in time. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
  constructor(
    readonly outcome: WriteOutcome,
    message: string,
    /** `throttled` when the store only asked for patience: moving traffic would make it worse. */
    readonly reason: 'throttled' | 'conflict' | 'timeout' | 'refused' | 'unreachable',
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An item whose checksum, key or shape does not hold. Named, never served. */
export class CorruptFact extends Error {
  override readonly name = 'CorruptFact';
  constructor(
    readonly accountId: string,
    readonly key: string,
    readonly reason: string,
  ) {
    super(`fact ${key} of account ${accountId} is corrupt: ${reason}`);
  }
}

/** A cursor that was changed, or that comes from another query. Expected from clients: they sent something malformed. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
