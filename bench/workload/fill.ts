// Owns the filling of ledger and views with known histories, in large commits: what the view holds is what its adapter would have written.
// Leaves to history.ts the facts.
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { additionsOf, openWorkAdditionsOf, openWorkRow, viewFact } from '../../lambdas/adapters/view-rows.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import type { BenchEngine } from '../engine/bench-engine.ts';
import { REGION, TABLES } from '../engine/tables.ts';

type Item = Readonly<Record<string, object>>;

/** The facts of one account. */
export type History = readonly Fact[];

/** DynamoDB takes so many puts in one transaction. The engine syncs its file with each commit: in batches of 25 that is half of the time. */
const PUTS_PER_COMMIT = 100;
const TOLD_EVERY_MS = 5_000;

const numbers = (amounts: ReadonlyMap<string, bigint>): Item =>
  Object.fromEntries([...amounts].map(([name, amount]) => [name, { N: String(amount) }]));

interface Put {
  readonly Put: { readonly TableName: string; readonly Item: Item };
}

const put = (TableName: string, Item: Item): Put => ({ Put: { TableName, Item } });

/** Each fact is encoded once: its copy in the view is its item in the ledger, and `at`. */
function* putsOf(facts: History): Iterable<Put> {
  for (const fact of facts) {
    const { at, ...stored } = viewFact(fact);
    const item = toItem(stored);
    yield put(TABLES.ledger, item);
    yield put(TABLES.views, { ...item, at: { S: at } });
  }
  const accountId = facts[0]?.accountId ?? '';
  for (const [sk, amounts] of additionsOf(facts)) {
    yield put(TABLES.views, { pk: { S: accountId }, sk: { S: sk }, ...numbers(amounts) });
  }
  for (const [stream, amounts] of openWorkAdditionsOf(facts)) {
    const { pk, sk } = openWorkRow(accountId, stream);
    yield put(TABLES.views, { pk: { S: pk }, sk: { S: sk }, ...numbers(amounts) });
  }
}

function* commitsOf(histories: readonly History[]): Iterable<readonly Put[]> {
  let puts: Put[] = [];
  for (const facts of histories) {
    for (const one of putsOf(facts)) {
      puts.push(one);
      if (puts.length < PUTS_PER_COMMIT) continue;
      yield puts;
      puts = [];
    }
  }
  if (puts.length > 0) yield puts;
}

/** The whole history of each account. `progress` is told how many items are written, every few seconds. */
export const fillAccounts = async (
  { connection }: BenchEngine,
  histories: readonly History[],
  progress: (line: string) => void = () => undefined,
): Promise<void> => {
  let written = 0;
  let toldMs = performance.now();
  for (const puts of commitsOf(histories)) {
    await connection.must('TransactWriteItems', { TransactItems: puts });
    written += puts.length;
    if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
    toldMs = performance.now();
    progress(`${written.toLocaleString('en-US')} items written`);
  }
};

/** Every heartbeat of the Region has come through: the view is believed, and as fresh as it can be. */
export const fillWatermarks = async ({ connection }: BenchEngine): Promise<void> => {
  const now = { N: String(Date.now()) };
  const marks = Array.from({ length: 32 }, (_, shard) => [`h${String(shard).padStart(2, '0')}`, now]);
  const Item = { pk: { S: `watermark#${REGION}` }, ...Object.fromEntries(marks) };
  await connection.must('PutItem', { TableName: TABLES.regionState, Item });
};
