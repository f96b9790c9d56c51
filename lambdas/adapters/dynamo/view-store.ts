// Owns the views table: copies of facts, read by key and by time, and the rows of sums.
// Leaves to view-apply.ts how facts get in, to domain/ what is computed from them.
import type { Fact } from '../../domain/facts.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { FactKey, StreamId } from '../../domain/keys.ts';
import { receivableEffect } from '../../domain/postings.ts';
import type { AccountSums } from '../../domain/sums.ts';
import type { FactPage } from '../../ports/event-log.ts';
import { type BillsAsked, type ViewStore, ViewUnavailable } from '../../ports/view-store.ts';
import { AT_ONCE, READS } from '../../shared/policies.ts';
import { fromCursor, type KeyRange } from '../cursor.ts';
import { BY_TIME_INDEX, billsDownTo, dayOf, TOTALS_KEY, timeKey } from '../view-rows.ts';
import type { Dynamo, DynamoCall } from './client.ts';
import { fromItem, type Item } from './fact-item.ts';
import { beginningWith, between, queryPage, queryUpTo } from './paging.ts';
import { viewUnavailable } from './unavailable.ts';
import { applyToAccount, type UnsealedRows } from './view-apply.ts';

/** Ordinals have three digits. */
const MAX_STREAM_LENGTH = 1000;
/** A row per month: two thousand years of them. */
const MAX_MONTHS = 24_000;

const integer = (item: Item, attribute: string): bigint => BigInt(item[attribute]?.N ?? '0');

const byAccount = (facts: readonly Fact[]): Map<AccountId, Fact[]> => {
  const accounts = new Map<AccountId, Fact[]>();
  for (const fact of facts) accounts.set(fact.accountId, [...(accounts.get(fact.accountId) ?? []), fact]);
  return accounts;
};

export class DynamoViewStore implements ViewStore {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
    private readonly unsealed?: UnsealedRows,
  ) {}

  async apply(facts: readonly Fact[]): Promise<void> {
    const accounts = [...byAccount(facts)];
    const tables = { views: this.table, ...(this.unsealed === undefined ? {} : { unsealed: this.unsealed }) };
    const applyNext = async (): Promise<void> => {
      for (let next = accounts.shift(); next; next = accounts.shift()) {
        await applyToAccount(this.dynamo, tables, ...next);
      }
    };
    // All settle before the first failure is told, so that nothing goes on behind the caller's back.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE.accountsApplied }, applyNext));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async sums(accountId: AccountId): Promise<AccountSums | undefined> {
    const item = await this.#get(accountId, TOTALS_KEY);
    return (
      item && {
        billedMinor: integer(item, 'billedMinor'),
        paidMinor: integer(item, 'paidMinor'),
        adjustedMinor: integer(item, 'adjustedMinor'),
        pendingMinor: integer(item, 'pendingMinor'),
        factCount: Number(integer(item, 'factCount')),
      }
    );
  }

  async fact(accountId: AccountId, key: FactKey): Promise<Fact | undefined> {
    const item = await this.#get(accountId, key);
    return item && fromItem(item);
  }

  async stream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]> {
    const items = await this.dynamo.call(viewUnavailable, (call) =>
      queryUpTo(call, { TableName: this.table, ...beginningWith(accountId, `${stream}#`) }, MAX_STREAM_LENGTH),
    );
    return items.map(fromItem);
  }

  bills(accountId: AccountId, { limit, cursor, downTo }: BillsAsked): Promise<FactPage> {
    const range = billsDownTo(downTo);
    const after = cursor === undefined ? undefined : fromCursor(cursor, range);
    const input = {
      TableName: this.table,
      // No key equals the upper end.
      ...between(accountId, range.from, range.to),
      ScanIndexForward: false,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk: { S: accountId }, sk: { S: after } } }),
    };
    return this.dynamo.call(viewUnavailable, (call) => queryPage(call, input, { limit, sortKey: 'sk' }));
  }

  async timeline(
    accountId: AccountId,
    page: { readonly fromMs: number; readonly toMs: number; readonly limit: number; readonly cursor?: string },
  ): Promise<FactPage> {
    const range = { from: timeKey(page.fromMs), to: timeKey(page.toMs) };
    const after = page.cursor === undefined ? undefined : fromCursor(page.cursor, range);
    if (range.from >= range.to) return { facts: [] };
    return this.dynamo.call(viewUnavailable, (call) => this.#timeline(call, accountId, range, after, page.limit));
  }

  balanceBefore(accountId: AccountId, instantMs: number): Promise<bigint> {
    const { monthKey, day } = dayOf(instantMs);
    const dayStartMs = Math.floor(instantMs / 86_400_000) * 86_400_000;
    return this.dynamo.call(viewUnavailable, async (call) => {
      const upTo = { TableName: this.table, ...between(accountId, `${TOTALS_KEY}#`, monthKey) };
      const months = await queryUpTo(call, upTo, MAX_MONTHS);
      let balance = 0n;
      for (const month of months) {
        if (month.sk?.S !== monthKey) balance += integer(month, 'total');
        else
          for (const name of Object.keys(month))
            if (/^d\d\d$/.test(name) && name < day) balance += integer(month, name);
      }
      const range = { from: timeKey(dayStartMs), to: timeKey(instantMs) };
      return balance + (range.from < range.to ? await this.#dayChange(call, accountId, range) : 0n);
    });
  }

  async #dayChange(call: DynamoCall, accountId: AccountId, range: KeyRange): Promise<bigint> {
    let change = 0n;
    let after: string | undefined;
    for (let pages = 0; pages < READS.day.maxPages; pages++) {
      const { facts, cursor } = await this.#timeline(call, accountId, range, after, READS.day.pageFacts);
      for (const fact of facts) change += receivableEffect(fact);
      if (cursor === undefined) return change;
      after = fromCursor(cursor, range);
    }
    throw new ViewUnavailable(
      `account ${accountId} has more than ${READS.day.maxPages * READS.day.pageFacts} facts on one day: ask for midnight`,
    );
  }

  #timeline(call: DynamoCall, accountId: AccountId, range: KeyRange, after: string | undefined, limit: number) {
    // BETWEEN includes its ends, but no key equals the upper one: after the time every key goes on with `#` and the fact's.
    const input = {
      TableName: this.table,
      IndexName: BY_TIME_INDEX,
      KeyConditionExpression: 'pk = :pk AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':pk': { S: accountId }, ':from': { S: range.from }, ':to': { S: range.to } },
      ConsistentRead: true,
      ...(after === undefined
        ? {}
        : {
            ExclusiveStartKey: {
              pk: { S: accountId },
              at: { S: after },
              sk: { S: after.slice(after.indexOf('#') + 1) },
            },
          }),
    };
    return queryPage(call, input, { limit, sortKey: 'at' });
  }

  async #get(accountId: AccountId, sk: string): Promise<Item | undefined> {
    const Key = { pk: { S: accountId }, sk: { S: sk } };
    const { Item } = await this.dynamo.call(viewUnavailable, (call) =>
      call.get({ TableName: this.table, Key, ConsistentRead: true }),
    );
    return Item;
  }
}
