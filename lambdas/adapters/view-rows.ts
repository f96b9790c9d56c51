// Owns the rows of a view and how facts change them: one copy per fact, one row of totals, one row of sums per UTC month.
// Leaves to domain/ what a fact adds to each sum, to the adapters how a change is made exactly once.
import type { Fact } from '../domain/facts.ts';
import { receivableEffect } from '../domain/postings.ts';
import { effectOnSums } from '../domain/sums.ts';
import { type StoredFact, storeFact } from './stored-fact.ts';

/** A fact's copy: its ledger attributes unchanged, and `at`, by which the index `by-time` orders them. */
export interface ViewFact extends StoredFact {
  readonly at: string;
}

/** Sort key of the row of totals; no fact key begins with it. */
export const TOTALS_KEY = 'sum';
export { BY_TIME_INDEX } from '../shared/names.ts';

const TOTALS = ['billedMinor', 'paidMinor', 'adjustedMinor', 'pendingMinor', 'factCount'] as const;

/** What to add to numeric attributes of rows: sort key to attribute to amount. Order-free, and so the same in every Region. */
type Additions = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

/** `atMs` as the 15 digits that index keys begin with: lexicographic order is order in time until the year 33658. */
export const timeKey = (atMs: number): string => String(atMs).padStart(15, '0');

/** Sort key of a month's row and the attribute of a day in it, both UTC. */
export const dayOf = (atMs: number): { readonly monthKey: string; readonly day: string } => {
  const iso = new Date(atMs).toISOString();
  return { monthKey: `${TOTALS_KEY}#${iso.slice(0, 7)}`, day: `d${iso.slice(8, 10)}` };
};

export const viewFact = (fact: Fact): ViewFact => {
  const stored = storeFact(fact);
  return { ...stored, at: `${timeKey(fact.occurredAtMs)}#${stored.sk}` };
};

/** What applying `facts`, all of one account, adds to its rows. */
export const additionsOf = (facts: readonly Fact[]): Additions => {
  const rows = new Map<string, Map<string, bigint>>();
  const add = (row: string, attribute: string, amount: bigint) => {
    const attributes = rows.get(row) ?? new Map<string, bigint>();
    rows.set(row, attributes.set(attribute, (attributes.get(attribute) ?? 0n) + amount));
  };
  for (const fact of facts) {
    const sums = effectOnSums(fact);
    for (const total of TOTALS) add(TOTALS_KEY, total, BigInt(sums[total]));
    const change = receivableEffect(fact);
    // A month that only saw facts without effect has no row, however they are batched.
    if (change === 0n) continue;
    const { monthKey, day } = dayOf(fact.occurredAtMs);
    add(monthKey, 'total', change);
    add(monthKey, day, change);
  }
  return rows;
};
