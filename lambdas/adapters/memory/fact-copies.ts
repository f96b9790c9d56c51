// Owns the twins in memory of how stores are looked at as they are: over the memory ledger and the memory view themselves.
// Leaves to adapters/dynamo what an update and a transaction cost.
import type { Fact } from '../../domain/facts.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { FactKey } from '../../domain/keys.ts';
import type { Copy, DerivedRows, SoundCopy } from '../../domain/verify-account.ts';
import { CorruptFact } from '../../ports/event-log.ts';
import type { DerivedCopies, FactCopies, HeldFact, Seen } from '../../ports/fact-copies.ts';
import { derivedRows, rowKey, rowName, totalsOf } from '../derived-rows.ts';
import { loadFact, type StoredFact } from '../stored-fact.ts';
import { openWorkRow, openWorkStreamsOf, TOTALS_KEY, timeKey, type ViewFact } from '../view-rows.ts';
import type { MemoryEventLog } from './event-log.ts';
import type { MemoryViewStore } from './view-store.ts';

const copyOf = (stored: StoredFact): Copy => {
  try {
    return { kind: 'sound', fact: loadFact(stored), body: stored.body, sum: stored.sum };
  } catch (error) {
    if (!(error instanceof CorruptFact)) throw error;
    return { kind: 'corrupt', reason: error.reason };
  }
};

const seenOf = (stored: StoredFact | undefined): Seen => {
  if (stored === undefined) return undefined;
  const { pk: _pk, sk: _sk, ...seen } = stored;
  return seen;
};

const isStill = (seen: Seen, now: Seen): boolean => JSON.stringify(seen) === JSON.stringify(now);

/** `rows`: what the store holds of an account, made when there is nothing yet. */
abstract class MemoryCopies implements FactCopies {
  protected abstract rows(accountId: string): Map<string, StoredFact>;
  protected abstract ids(): Iterable<string>;
  protected abstract stored(fact: StoredFact, copy: SoundCopy): StoredFact;

  async account(accountId: AccountId): Promise<readonly HeldFact[]> {
    return [...this.rows(accountId)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, stored]) => ({ key: key as FactKey, copy: copyOf(stored), seen: seenOf(stored) }));
  }

  async has(accountId: AccountId): Promise<boolean> {
    return this.rows(accountId).size > 0;
  }

  async restore(accountId: AccountId, key: FactKey, copy: SoundCopy, seen: Seen): Promise<boolean> {
    const rows = this.rows(accountId);
    if (!isStill(seen, seenOf(rows.get(key)))) return false;
    const { body, sum } = copy;
    rows.set(key, this.stored({ pk: accountId, sk: key, v: copy.fact.schemaVersion, body, sum }, copy));
    return true;
  }

  /** The cursor counts accounts. */
  async accounts({ limit, cursor = '0' }: Parameters<FactCopies['accounts']>[0]): ReturnType<FactCopies['accounts']> {
    const all = [...this.ids()].sort();
    const end = Number(cursor) + limit;
    const accounts = all.slice(Number(cursor), end) as AccountId[];
    return { accounts, items: accounts.length, ...(end < all.length && { cursor: String(end) }) };
  }
}

export class MemoryLedgerCopies extends MemoryCopies {
  constructor(private readonly ledger: MemoryEventLog) {
    super();
  }
  protected ids = () => this.ledger.accounts.keys();
  protected stored = (fact: StoredFact): StoredFact => fact;
  protected rows(accountId: string): Map<string, StoredFact> {
    const rows = this.ledger.accounts.get(accountId) ?? new Map<string, StoredFact>();
    this.ledger.accounts.set(accountId, rows);
    return rows;
  }
}

export class MemoryViewCopies extends MemoryCopies {
  constructor(private readonly views: MemoryViewStore) {
    super();
  }
  protected ids = () => this.views.accounts.keys();
  protected stored = (fact: StoredFact, copy: SoundCopy): ViewFact => ({
    ...fact,
    at: `${timeKey(copy.fact.occurredAtMs)}#${fact.sk}`,
  });
  protected rows(accountId: string): Map<string, StoredFact> {
    const account = this.views.accounts.get(accountId) ?? { facts: new Map(), sums: new Map() };
    this.views.accounts.set(accountId, account);
    return account.facts as Map<string, StoredFact>;
  }
}

export class MemoryDerivedCopies implements DerivedCopies {
  readonly replay = derivedRows;

  constructor(private readonly views: MemoryViewStore) {}

  async stamp(accountId: AccountId): Promise<Seen> {
    const totals = this.views.accounts.get(accountId)?.sums.get(TOTALS_KEY);
    return totals && Object.fromEntries([...totals].map(([name, amount]) => [name, String(amount)]));
  }

  async read(accountId: AccountId, facts: readonly Fact[]): Promise<DerivedRows> {
    const rows = new Map<string, ReadonlyMap<string, bigint>>();
    for (const [sk, sums] of this.views.accounts.get(accountId)?.sums ?? []) rows.set(rowName(accountId, sk), sums);
    for (const stream of openWorkStreamsOf(facts)) {
      const { pk, sk } = openWorkRow(accountId, stream);
      const sums = this.views.openWork.get(pk)?.get(sk);
      if (sums !== undefined) rows.set(rowName(pk, sk), sums);
    }
    for (const [name, amounts] of derivedRows(facts)) {
      const { pk, sk } = rowKey(name);
      if (amounts.size === 0 && this.views.days.get(pk)?.has(sk)) rows.set(name, amounts);
    }
    return rows;
  }

  async restore(accountId: AccountId, stamp: Seen, keys: readonly string[], expected: DerivedRows): Promise<boolean> {
    if (!isStill(stamp, await this.stamp(accountId))) return false;
    for (const name of new Set([totalsOf(accountId), ...keys])) this.#write(accountId, name, expected.get(name));
    return true;
  }

  #write(accountId: AccountId, name: string, amounts: ReadonlyMap<string, bigint> | undefined): void {
    const { pk, sk } = rowKey(name);
    if (amounts?.size === 0) {
      this.views.days.set(pk, (this.views.days.get(pk) ?? new Set()).add(sk));
      return;
    }
    const openWork = this.views.openWork.get(pk) ?? new Map<string, Map<string, bigint>>();
    const partition = pk === accountId ? this.views.accounts.get(accountId)?.sums : openWork;
    if (amounts === undefined) partition?.delete(sk);
    else partition?.set(sk, new Map(amounts));
    if (partition === openWork) this.views.openWork.set(pk, openWork);
  }
}
