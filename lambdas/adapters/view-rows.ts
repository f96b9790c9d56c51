// Owns the rows of a view and how facts change them: one copy per fact, one row of totals, one row of sums per UTC month,
// and, in partitions of their own, one row per payment that the processor may have something to do for, and one per fact that is
// looked for by its day.
// Leaves to domain/ what a fact adds to each sum, to the adapters how a change is made exactly once.
import { createHash } from 'node:crypto';
import type { Fact } from '../domain/facts.ts';
import type { AccountId, Period } from '../domain/ids.ts';
import { type FactKey, keyOf, type StreamId } from '../domain/keys.ts';
import { effectOnOpenWork } from '../domain/open-work.ts';
import { receivableEffect } from '../domain/postings.ts';
import { effectOnSums } from '../domain/sums.ts';
import { type FactPlace, OUTCOME_SHARDS } from '../ports/day-index.ts';
import { OPEN_WORK_SHARDS, type OpenStream } from '../ports/open-work.ts';
import type { KeyRange } from './cursor.ts';
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
export type Additions = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

const OPEN_WORK = ['pendingMinor', 'refundsMinor', 'charges'] as const;
export const OPEN_WORK_ATTRIBUTES: readonly string[] = OPEN_WORK;

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

/** The sort keys of an account's bill facts, of `downTo` and later periods. */
export const billsDownTo = (downTo?: Period): KeyRange => ({ from: `b#${downTo ?? ''}`, to: 'b$' });

export const openWorkPartition = (shard: number): string => `open#${String(shard).padStart(2, '0')}`;

/** Where a payment's row of open work is; accounts and streams are spread over the shards. */
export const openWorkRow = (accountId: string, stream: string): { readonly pk: string; readonly sk: string } => {
  const sk = `${accountId}|${stream}`;
  const [byte = 0] = createHash('sha256').update(sk).digest();
  return { pk: openWorkPartition(byte % OPEN_WORK_SHARDS), sk };
};

/** Of the sort key of a row of open work. */
export const openStreamOf = (sortKey: string): OpenStream => {
  const [accountId = '', stream = ''] = sortKey.split('|');
  return { accountId: accountId as AccountId, stream: stream as StreamId };
};

/** The streams among `facts`, all of one account, that have a row of open work, whatever is in it. */
export const openWorkStreamsOf = (facts: readonly Fact[]): ReadonlySet<string> =>
  new Set(facts.filter((fact) => effectOnOpenWork(fact) !== undefined).map(({ stream }) => stream));

/**
 * What applying `facts`, all of one account, adds to the rows of open work: stream to attribute to amount. A row whose
 * attributes are all 0 says the same as no row, and is removed.
 */
export const openWorkAdditionsOf = (facts: readonly Fact[]): Additions => {
  const rows = new Map<string, Map<string, bigint>>();
  for (const fact of facts) {
    const effect = effectOnOpenWork(fact);
    if (effect === undefined) continue;
    const row = rows.get(fact.stream) ?? new Map<string, bigint>();
    for (const name of OPEN_WORK) row.set(name, (row.get(name) ?? 0n) + effect[name]);
    rows.set(fact.stream, row);
  }
  for (const [stream, row] of rows) if ([...row.values()].every((amount) => amount === 0n)) rows.delete(stream);
  return rows;
};

export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

/** `day`: a UTC day, `YYYY-MM-DD`. */
const outcomesPartition = (day: string, shard: number): string => `outcomes#${day}#${String(shard).padStart(2, '0')}`;
const DAY_MS = 86_400_000;

/** @throws RangeError when the two are not of one UTC day */
export const outcomeRange = (
  shard: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): { readonly pk: string; readonly from: string; readonly to: string } => {
  if (!(fromMs < toMs) || Math.floor(fromMs / DAY_MS) !== Math.floor((toMs - 1) / DAY_MS)) {
    throw new RangeError(`outcomes are read within one UTC day, got ${fromMs} to ${toMs} ms`);
  }
  const day = new Date(fromMs).toISOString().slice(0, 10);
  return { pk: outcomesPartition(day, shard), from: timeKey(fromMs), to: timeKey(toMs) };
};

/** Account ids and fact keys are ASCII letters, digits and signs between these. */
export const ALL_PLACES = { from: '!', to: '~' };

export const differencesPartition = (day: string): string => `differences#${day}`;

/** The row by which a fact is found by its day, for the facts that are looked for so: nothing stands in it but its key. */
export const dayRowOf = (fact: Fact): RowKey | undefined => {
  const place = `${fact.accountId}|${keyOf(fact)}`;
  switch (fact.type) {
    case 'DifferenceFound':
      return { pk: differencesPartition(fact.window), sk: place };
    case 'PaymentSettled':
    case 'RefundSettled': {
      const [byte = 0] = createHash('sha256').update(place).digest();
      const day = new Date(fact.occurredAtMs).toISOString().slice(0, 10);
      return { pk: outcomesPartition(day, byte % OUTCOME_SHARDS), sk: `${timeKey(fact.occurredAtMs)}|${place}` };
    }
    default:
      return undefined;
  }
};

/** Of the sort key of a day's row. */
export const placeOf = (sortKey: string): FactPlace => {
  const [key = '', accountId = ''] = sortKey.split('|').reverse();
  return { accountId: accountId as AccountId, key: key as FactKey };
};
