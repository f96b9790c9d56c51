// Owns the rows of a view that follow from its facts, as they are, and how they are set right in one transaction.
// Leaves to derived-rows.ts what they must be.
import { TransactionCanceledException, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../domain/facts.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { DerivedRows } from '../../domain/verify-account.ts';
import type { DerivedCopies, Seen } from '../../ports/fact-copies.ts';
import { OPEN_WORK_SHARDS } from '../../ports/open-work.ts';
import { derivedRows, rowKey, rowName, totalsOf } from '../derived-rows.ts';
import { openWorkPartition, openWorkRow, openWorkStreamsOf, TOTALS_KEY } from '../view-rows.ts';
import { type Dynamo, RequestFailed } from './client.ts';
import type { Item } from './fact-item.ts';
import { beginningWith, queryUpTo } from './paging.ts';
import { viewUnavailable } from './unavailable.ts';

/** A transaction takes 100 actions; the totals are always one. */
const ROWS_AT_ONCE = 90;
/** Months of an account, and its payments that are open: no account of a utility comes near. */
const MOST_ROWS = 24_000;

export class DynamoDerivedCopies implements DerivedCopies {
  readonly replay = derivedRows;

  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async stamp(accountId: AccountId): Promise<Seen> {
    const Key = { pk: { S: accountId }, sk: { S: TOTALS_KEY } };
    const { Item } = await this.dynamo.call(viewUnavailable, (call) =>
      call.get({ TableName: this.table, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { pk: _pk, sk: _sk, ...attributes } = Item;
    return attributes;
  }

  async read(accountId: AccountId, facts: readonly Fact[]): Promise<DerivedRows> {
    const days = [...derivedRows(facts)].flatMap(([name, amounts]) => (amounts.size === 0 ? [name] : []));
    const found = await Promise.all([
      this.#beginningWith(accountId, TOTALS_KEY),
      this.#openWork(accountId, openWorkStreamsOf(facts)),
      ...days.map((name) => this.#get(name)),
    ]);
    return new Map(
      found.flat().map((item) => [rowName(String(item.pk?.S), String(item.sk?.S)), amountsOf(item)] as const),
    );
  }

  /** One by one while that is less than a question to each shard. */
  async #openWork(accountId: AccountId, streams: ReadonlySet<string>): Promise<readonly Item[]> {
    const found =
      streams.size < OPEN_WORK_SHARDS
        ? [...streams].map((stream) => openWorkRow(accountId, stream)).map(({ pk, sk }) => this.#get(rowName(pk, sk)))
        : Array.from({ length: OPEN_WORK_SHARDS }, (_, shard) =>
            this.#beginningWith(openWorkPartition(shard), `${accountId}|`),
          );
    return (await Promise.all(found)).flat();
  }

  restore(accountId: AccountId, stamp: Seen, keys: readonly string[], expected: DerivedRows): Promise<boolean> {
    const totals = totalsOf(accountId);
    const others = keys.filter((key) => key !== totals).slice(0, ROWS_AT_ONCE - 1);
    const TransactItems = [
      this.#write(totals, expected, whileItIs(stamp as Item | undefined)),
      ...others.map((key) => this.#write(key, expected)),
    ];
    return this.dynamo.call(viewUnavailable, async (call) => {
      try {
        await call.transactWrite({ TransactItems });
        return true;
      } catch (failure) {
        if (failure instanceof RequestFailed && failure.cause instanceof TransactionCanceledException) return false;
        throw failure;
      }
    });
  }

  #write(name: string, expected: DerivedRows, condition: object = {}): TransactWriteItem {
    const { pk, sk } = rowKey(name);
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const amounts = expected.get(name);
    if (amounts === undefined) return { Delete: { TableName: this.table, Key, ...condition } };
    const attributes = Object.fromEntries(
      [...amounts].map(([attribute, amount]) => [attribute, { N: String(amount) }]),
    );
    return { Put: { TableName: this.table, Item: { ...Key, ...attributes }, ...condition } };
  }

  #beginningWith(pk: string, prefix: string): Promise<readonly Item[]> {
    return this.dynamo.call(viewUnavailable, (call) =>
      queryUpTo(call, { TableName: this.table, ...beginningWith(pk, prefix) }, MOST_ROWS),
    );
  }

  async #get(name: string): Promise<readonly Item[]> {
    const { pk, sk } = rowKey(name);
    const { Item } = await this.dynamo.call(viewUnavailable, (call) =>
      call.get({ TableName: this.table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
    );
    return Item === undefined ? [] : [Item];
  }
}

/** What is no whole number is not one of ours, and counts as absent. */
const amountsOf = ({ pk: _pk, sk: _sk, ...attributes }: Item): ReadonlyMap<string, bigint> =>
  new Map(
    Object.entries(attributes).flatMap(([name, { N = '' }]) => (/^-?\d+$/.test(N) ? [[name, BigInt(N)] as const] : [])),
  );

const whileItIs = (stamp: Item | undefined): object => {
  if (stamp === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const attributes = Object.entries(stamp);
  return {
    ConditionExpression: ['attribute_exists(pk)', ...attributes.map((_, place) => `#${place} = :${place}`)].join(
      ' AND ',
    ),
    ...(attributes.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], place) => [`#${place}`, name])),
      ExpressionAttributeValues: Object.fromEntries(attributes.map(([, value], place) => [`:${place}`, value])),
    }),
  };
};
