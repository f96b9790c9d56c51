// Owns how a store of facts is looked at as it is, damaged items included, and how one of them is put back.
// Leaves to domain/verify-account.ts what is wrong, to domain/repair.ts what may be put back. Only the scrubber and operators may.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { FactKey } from '../domain/keys.ts';
import type { Copy, DerivedRows, Replay, SoundCopy } from '../domain/verify-account.ts';

/** `glance`: may be a moment old, and is cheap. `strong`: nothing acknowledged is missing. */
export type Look = 'glance' | 'strong';

/** What stands under a key, every attribute of it: what is put in its place is written only while exactly this is there. */
export type Seen = Readonly<Record<string, unknown>> | undefined;

export interface HeldFact {
  readonly key: FactKey;
  readonly copy: Copy;
  readonly seen: Seen;
}

/** The ledger, or a Region's view. Every read throws what its store's port names: LedgerUnavailable or ViewUnavailable. */
export interface FactCopies {
  /** Every fact item of an account, by key. */
  account(accountId: AccountId, look: Look): Promise<readonly HeldFact[]>;
  /** Whether there is any item of the account, as of a moment ago. */
  has(accountId: AccountId): Promise<boolean>;
  /**
   * Makes the item at its key what `copy` is, if what stands there is still `seen`; false when it is not.
   * @throws LedgerUnavailable, ViewUnavailable
   */
  restore(accountId: AccountId, key: FactKey, copy: SoundCopy, seen: Seen): Promise<boolean>;
  /** Accounts of a page of `limit` items, in the order of the store, each once a page; one may go on over pages. */
  accounts(page: { readonly limit: number; readonly cursor?: string }): Promise<{
    readonly accounts: readonly AccountId[];
    /** Items read. */
    readonly items: number;
    /** Absent on the last page. */
    readonly cursor?: string;
  }>;
}

/** The rows of a view that follow from its facts. All throw ViewUnavailable. */
export interface DerivedCopies {
  /** What the rows must be. */
  readonly replay: Replay;
  /** The row of totals as it stands: every fact that is applied changes it. */
  stamp(accountId: AccountId): Promise<Seen>;
  /** What the rows are: all of the account's own, and of those in other partitions the ones that `facts` lead to or led to. */
  read(accountId: AccountId, facts: readonly Fact[]): Promise<DerivedRows>;
  /** Makes the first 90 rows of `keys` what `expected` says, if no fact was applied since `stamp`; false when one was. */
  restore(accountId: AccountId, stamp: Seen, keys: readonly string[], expected: DerivedRows): Promise<boolean>;
}
