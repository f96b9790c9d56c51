// Owns damage to the copies of one account in memory: what a disk, a bug or a hand may do to any of them.
// Leaves to the tests what must come of it.
import fc from 'fast-check';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import {
  MemoryDerivedCopies,
  MemoryLedgerCopies,
  MemoryViewCopies,
} from '../../../lambdas/adapters/memory/fact-copies.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import type { StoredFact } from '../../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import type { Sources } from '../../../lambdas/shared/integrity/look-at-account.ts';

export const STORES = ['ledger', 'us-east-1', 'us-west-2'] as const;
export type Store = (typeof STORES)[number];
type ViewRegion = Exclude<Store, 'ledger'>;

export class CopiesInMemory {
  readonly ledger = new MemoryEventLog();
  readonly views: Record<ViewRegion, MemoryViewStore> = {
    'us-east-1': new MemoryViewStore(),
    'us-west-2': new MemoryViewStore(),
  };
  coversUntilMs = Number.POSITIVE_INFINITY;

  static async holding(facts: readonly Fact[]): Promise<CopiesInMemory> {
    const copies = new CopiesInMemory();
    for (const fact of facts) await copies.ledger.append(fact);
    for (const view of Object.values(copies.views)) await view.apply(facts);
    return copies;
  }

  sources(...regions: readonly ViewRegion[]): Sources {
    const views = regions.map((region) => ({
      region,
      rows: new MemoryViewCopies(this.views[region]),
      derived: new MemoryDerivedCopies(this.views[region]),
      store: this.views[region],
      coversUntilMs: async () => this.coversUntilMs,
    }));
    const ledger = { region: regions[0] ?? '', items: new MemoryLedgerCopies(this.ledger) };
    return { ledger, views: views as unknown as Sources['views'] };
  }

  items(store: Store, accountId: string): Map<string, StoredFact> {
    const items =
      store === 'ledger' ? this.ledger.accounts.get(accountId) : this.views[store].accounts.get(accountId)?.facts;
    return (items ?? new Map()) as Map<string, StoredFact>;
  }

  /** Everything that every store holds, as one text. */
  dump(store: Store): string {
    return JSON.stringify(store === 'ledger' ? this.ledger : this.views[store], (_, value: unknown) => {
      if (typeof value === 'bigint') return String(value);
      if (value instanceof Set) return [...value].sort();
      // Accounts of which nothing is left say the same as none.
      return value instanceof Map
        ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)).filter(([, held]) => held.size !== 0)
        : value;
    });
  }
}

/** What is done to a fact's item. */
export const HARM: Readonly<Record<string, (items: Map<string, StoredFact>, key: string) => void>> = {
  'a flipped bit in the body': (items, key) => change(items, key, ({ body }) => ({ body: flipped(body) })),
  'a flipped bit in the checksum': (items, key) => change(items, key, ({ sum }) => ({ sum: flipped(sum) })),
  'another schema version': (items, key) => change(items, key, () => ({ v: 2 })),
  'an empty body': (items, key) => change(items, key, () => ({ body: '' })),
  deletion: (items, key) => items.delete(key),
};

/** What is done to a row of sums. */
export const harmSums = (view: MemoryViewStore, accountId: string, pick: number): void => {
  const sums = view.accounts.get(accountId)?.sums;
  const rows = [...(sums ?? [])];
  const [name, row] = rows[pick % rows.length] ?? [];
  if (name === undefined || row === undefined) return;
  const attributes = [...row.keys()];
  const attribute = attributes[pick % attributes.length] ?? 'total';
  if (pick % 3 === 0) sums?.delete(name);
  else row.set(attribute, (row.get(attribute) ?? 0n) + BigInt(pick));
};

export const harmOpenWork = (view: MemoryViewStore, pick: number): void => {
  for (const partition of view.openWork.values())
    for (const [name, row] of partition) {
      if (pick % 2 === 0) partition.delete(name);
      else row.set('pendingMinor', BigInt(pick));
    }
};

const change = (items: Map<string, StoredFact>, key: string, to: (item: StoredFact) => Partial<StoredFact>): void => {
  const item = items.get(key);
  if (item !== undefined) items.set(key, { ...item, ...to(item) });
};

const flipped = (text: string): string => `${String.fromCharCode(text.charCodeAt(0) ^ 1)}${text.slice(1)}`;

export interface Wound {
  readonly store: Store;
  readonly harm: string;
  /** Chooses among the keys there are. */
  readonly pick: number;
}

export const wound: fc.Arbitrary<Wound> = fc.record({
  store: fc.constantFrom(...STORES),
  harm: fc.constantFrom(...Object.keys(HARM)),
  pick: fc.nat(),
});
