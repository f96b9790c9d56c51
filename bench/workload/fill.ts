// Owns the filling of ledger and views with known histories, in batches: what the view holds is what its adapter would have written.
// Leaves to history.ts the facts.
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import { additionsOf, openWorkAdditionsOf, openWorkRow, viewFact } from '../../lambdas/adapters/view-rows.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import type { BenchEngine } from '../engine/bench-engine.ts';
import { REGION, TABLES } from '../engine/tables.ts';

type Item = Readonly<Record<string, object>>;

/** The facts of one account. */
export type History = readonly Fact[];

/** DynamoDB takes so many puts in one batch. */
const PUTS_PER_BATCH = 25;
const BATCHES_AT_ONCE = 4;

const numbers = (amounts: ReadonlyMap<string, bigint>): Item =>
  Object.fromEntries([...amounts].map(([name, amount]) => [name, { N: String(amount) }]));

function* ledgerItems(histories: readonly History[]): Iterable<Item> {
  for (const facts of histories) for (const fact of facts) yield toItem(storeFact(fact));
}

function* viewItems(histories: readonly History[]): Iterable<Item> {
  for (const facts of histories) {
    for (const fact of facts) {
      const row = viewFact(fact);
      yield { ...toItem(row), at: { S: row.at } };
    }
    const accountId = facts[0]?.accountId ?? '';
    for (const [sk, amounts] of additionsOf(facts)) yield { pk: { S: accountId }, sk: { S: sk }, ...numbers(amounts) };
    for (const [stream, amounts] of openWorkAdditionsOf(facts)) {
      const { pk, sk } = openWorkRow(accountId, stream);
      yield { pk: { S: pk }, sk: { S: sk }, ...numbers(amounts) };
    }
  }
}

function* batches(items: Iterable<Item>): Iterable<readonly object[]> {
  let puts: object[] = [];
  for (const Item of items) {
    puts.push({ PutRequest: { Item } });
    if (puts.length < PUTS_PER_BATCH) continue;
    yield puts;
    puts = [];
  }
  if (puts.length > 0) yield puts;
}

const putAll = async ({ connection }: BenchEngine, table: string, items: Iterable<Item>): Promise<void> => {
  const left = batches(items)[Symbol.iterator]();
  const putNext = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      await connection.must('BatchWriteItem', { RequestItems: { [table]: next.value } });
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, putNext));
};

/** The whole history of each account. */
export const fillAccounts = async (engine: BenchEngine, histories: readonly History[]): Promise<void> => {
  await putAll(engine, TABLES.ledger, ledgerItems(histories));
  await putAll(engine, TABLES.views, viewItems(histories));
};

/** Every heartbeat of the Region has come through: the view is believed, and as fresh as it can be. */
export const fillWatermarks = async ({ connection }: BenchEngine): Promise<void> => {
  const now = { N: String(Date.now()) };
  const marks = Array.from({ length: 32 }, (_, shard) => [`h${String(shard).padStart(2, '0')}`, now]);
  const Item = { pk: { S: `watermark#${REGION}` }, ...Object.fromEntries(marks) };
  await connection.must('PutItem', { TableName: TABLES.regionState, Item });
};
