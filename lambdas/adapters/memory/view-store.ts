// Owns the twin of the views table in memory: the same rows, made of the same additions.
// Leaves to adapters/dynamo the transaction: here one turn of the event loop is one.
import type { Fact } from '../../domain/facts.ts';
import type { AccountId, IsoDate } from '../../domain/ids.ts';
import type { FactKey, StreamId } from '../../domain/keys.ts';
import { receivableEffect } from '../../domain/postings.ts';
import type { AccountSums } from '../../domain/sums.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DayIndex, FactPlace, PlacePage } from '../../ports/day-index.ts';
import { CorruptFact, type FactPage } from '../../ports/event-log.ts';
import type { OpenWorkIndex } from '../../ports/open-work.ts';
import { lineName, type ViewLine, type ViewLines } from '../../ports/view-lines.ts';
import type { BillsAsked, ViewStore } from '../../ports/view-store.ts';
import { fromCursor, type KeyRange, toCursor } from '../cursor.ts';
import { unsealedRowOf } from '../seal-rows.ts';
import { loadFact } from '../stored-fact.ts';
import {
  ALL_PLACES,
  additionsOf,
  billsDownTo,
  dayOf,
  dayRowOf,
  differencesPartition,
  openStreamOf,
  openWorkAdditionsOf,
  openWorkPartition,
  openWorkRow,
  outcomeRange,
  placeOf,
  TOTALS_KEY,
  timeKey,
  type ViewFact,
  viewFact,
} from '../view-rows.ts';
import type { MemorySealWork } from './seal-work.ts';

interface AccountRows {
  readonly facts: Map<string, ViewFact>;
  /** Sort key to attribute to sum. */
  readonly sums: Map<string, Map<string, bigint>>;
}

export class MemoryViewStore implements ViewStore, ViewLines, OpenWorkIndex, DayIndex {
  readonly accounts = new Map<string, AccountRows>();
  /** Partition to sort key to attribute to sum. */
  readonly openWork = new Map<string, Map<string, Map<string, bigint>>>();
  /** Partition to sort keys. */
  readonly days = new Map<string, Set<string>>();

  constructor(private readonly unsealed?: { readonly work: MemorySealWork; readonly clock: Clock }) {}

  async apply(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) {
      const rows = this.accounts.get(fact.accountId) ?? { facts: new Map(), sums: new Map() };
      const row = viewFact(fact);
      if (rows.facts.has(row.sk)) continue;
      rows.facts.set(row.sk, row);
      for (const [sortKey, amounts] of additionsOf([fact])) {
        const sums = rows.sums.get(sortKey) ?? new Map<string, bigint>();
        for (const [attribute, amount] of amounts) sums.set(attribute, (sums.get(attribute) ?? 0n) + amount);
        rows.sums.set(sortKey, sums);
      }
      this.accounts.set(fact.accountId, rows);
      this.#addOpenWork(fact);
      this.#noteUnsealed(fact, row);
      const day = dayRowOf(fact);
      if (day !== undefined) this.days.set(day.pk, (this.days.get(day.pk) ?? new Set()).add(day.sk));
    }
  }

  async lines(places: readonly FactPlace[]): Promise<ReadonlyMap<string, ViewLine>> {
    const lines = new Map<string, ViewLine>();
    for (const place of places) {
      const row = this.accounts.get(place.accountId)?.facts.get(place.key);
      if (row !== undefined) lines.set(lineName(place), lineOf(row));
    }
    return lines;
  }

  async putLine(fact: Fact): Promise<void> {
    const rows = this.accounts.get(fact.accountId) ?? { facts: new Map(), sums: new Map() };
    const row = viewFact(fact);
    rows.facts.set(row.sk, row);
    this.accounts.set(fact.accountId, rows);
  }

  async open(shard: number, page: { readonly limit: number; readonly cursor?: string }) {
    const range: KeyRange = { from: '', to: '~' };
    const after = page.cursor === undefined ? '' : fromCursor(page.cursor, range);
    const keys = [...(this.openWork.get(openWorkPartition(shard))?.keys() ?? [])].sort().filter((key) => key > after);
    const streams = keys.slice(0, page.limit).map(openStreamOf);
    const last = keys.length > page.limit ? keys[page.limit - 1] : undefined;
    return last === undefined ? { streams } : { streams, cursor: toCursor(last) };
  }

  async outcomes(
    shard: number,
    page: { readonly fromMs: number; readonly toMs: number; readonly limit: number; readonly cursor?: string },
  ): Promise<PlacePage> {
    const { pk, ...range } = outcomeRange(shard, page);
    return this.#places(pk, range, page);
  }

  async differences(window: IsoDate, page: { readonly limit: number; readonly cursor?: string }): Promise<PlacePage> {
    return this.#places(differencesPartition(window), ALL_PLACES, page);
  }

  #places(
    pk: string,
    range: KeyRange,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): PlacePage {
    const after = cursor === undefined ? '' : fromCursor(cursor, range);
    const keys = [...(this.days.get(pk) ?? [])]
      .sort()
      .filter((key) => key > after && key >= range.from && key < range.to);
    const places = keys.slice(0, limit).map(placeOf);
    const last = keys.length > limit ? keys[limit - 1] : undefined;
    return last === undefined ? { places } : { places, cursor: toCursor(last) };
  }

  async sums(accountId: AccountId): Promise<AccountSums | undefined> {
    const totals = this.accounts.get(accountId)?.sums.get(TOTALS_KEY);
    return (
      totals && {
        billedMinor: totals.get('billedMinor') ?? 0n,
        paidMinor: totals.get('paidMinor') ?? 0n,
        adjustedMinor: totals.get('adjustedMinor') ?? 0n,
        pendingMinor: totals.get('pendingMinor') ?? 0n,
        factCount: Number(totals.get('factCount') ?? 0n),
      }
    );
  }

  async fact(accountId: AccountId, key: FactKey): Promise<Fact | undefined> {
    const row = this.accounts.get(accountId)?.facts.get(key);
    return row && loadFact(row);
  }

  async stream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]> {
    return this.#sorted(accountId, 'sk')
      .filter(({ sk }) => sk.startsWith(`${stream}#`))
      .map(loadFact);
  }

  async bills(accountId: AccountId, page: BillsAsked): Promise<FactPage> {
    const range = billsDownTo(page.downTo);
    const before = page.cursor === undefined ? range.to : fromCursor(page.cursor, range);
    const rows = this.#sorted(accountId, 'sk').filter(({ sk }) => sk >= range.from && sk < before);
    return pageOf(rows.reverse(), page.limit, 'sk');
  }

  async timeline(
    accountId: AccountId,
    page: { readonly fromMs: number; readonly toMs: number; readonly limit: number; readonly cursor?: string },
  ): Promise<FactPage> {
    const range = { from: timeKey(page.fromMs), to: timeKey(page.toMs) };
    const after = page.cursor === undefined ? '' : fromCursor(page.cursor, range);
    const rows = this.#sorted(accountId, 'at').filter(({ at }) => at > after && at >= range.from && at < range.to);
    return pageOf(rows, page.limit, 'at');
  }

  async balanceBefore(accountId: AccountId, instantMs: number): Promise<bigint> {
    const { monthKey, day } = dayOf(instantMs);
    let balance = 0n;
    for (const [sortKey, sums] of this.accounts.get(accountId)?.sums ?? []) {
      if (sortKey === TOTALS_KEY || sortKey > monthKey) continue;
      if (sortKey < monthKey) balance += sums.get('total') ?? 0n;
      else for (const [name, amount] of sums) if (name !== 'total' && name < day) balance += amount;
    }
    const dayStart = timeKey(Math.floor(instantMs / 86_400_000) * 86_400_000);
    const sameDay = this.#sorted(accountId, 'at').filter(({ at }) => at >= dayStart && at < timeKey(instantMs));
    return sameDay.map(loadFact).reduce((sum, fact) => sum + receivableEffect(fact), balance);
  }

  #noteUnsealed(fact: Fact, row: ViewFact): void {
    if (this.unsealed === undefined) return;
    const { work, clock } = this.unsealed;
    const unsealed = unsealedRowOf(fact, row, clock.nowMs());
    if (unsealed !== undefined) work.put(unsealed);
  }

  #addOpenWork(fact: Fact): void {
    for (const [stream, amounts] of openWorkAdditionsOf([fact])) {
      const { pk, sk } = openWorkRow(fact.accountId, stream);
      const partition = this.openWork.get(pk) ?? new Map<string, Map<string, bigint>>();
      const row = partition.get(sk) ?? new Map<string, bigint>();
      for (const [attribute, amount] of amounts) row.set(attribute, (row.get(attribute) ?? 0n) + amount);
      if ([...row.values()].some((sum) => sum !== 0n)) partition.set(sk, row);
      else partition.delete(sk);
      this.openWork.set(pk, partition);
    }
  }

  #sorted(accountId: string, by: 'sk' | 'at'): ViewFact[] {
    return [...(this.accounts.get(accountId)?.facts.values() ?? [])].sort((a, b) => (a[by] < b[by] ? -1 : 1));
  }
}

const lineOf = (row: ViewFact): ViewLine => {
  try {
    return { kind: 'held', fact: loadFact(row) };
  } catch (error) {
    if (error instanceof CorruptFact) return { kind: 'damaged', reason: error.reason };
    throw error;
  }
};

const pageOf = (rows: readonly ViewFact[], limit: number, by: 'sk' | 'at'): FactPage => {
  const facts = rows.slice(0, limit).map(loadFact);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last === undefined ? { facts } : { facts, cursor: toCursor(last[by]) };
};
