// Owns the proof that an account which is filled for a measurement is the one that the product's own adapters would have written.
import { beforeAll, expect, test } from '@jest/globals';
import { CREDENTIALS } from '../../bench/engine/sdk-client.ts';
import { createViewsTable, REGION, TABLES } from '../../bench/engine/tables.ts';
import { fillAccounts } from '../../bench/workload/fill.ts';
import { accountName, historyOf, opened } from '../../bench/workload/history.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { benchEngineOfThisFile } from './bench-engine-of-this-file.ts';

const APPLIED = `${TABLES.views}-applied`;
/** More than one commit of puts, over months. */
const HISTORY = { size: 130, bills: 6 };

const engine = benchEngineOfThisFile();

beforeAll(async () => {
  await createViewsTable((input) => engine.connection.must('CreateTable', input), APPLIED);
});

const itemsOf = async (TableName: string): Promise<readonly unknown[]> => {
  const { Items } = await engine.connection.must<{ Items: { pk: { S: string }; sk: { S: string } }[] }>('Scan', {
    TableName,
  });
  const place = ({ pk, sk }: (typeof Items)[number]): string => `${pk.S} ${sk.S}`;
  return Items.sort((one, other) => (place(one) < place(other) ? -1 : 1));
};

test('ledger and view are as the adapters leave them', async () => {
  const histories = ['first', 'second'].map((name) => [...historyOf(opened(accountName(name)), HISTORY)]);
  await fillAccounts(engine, histories);
  const dynamo = new Dynamo({ region: REGION, endpoint: engine.endpoint, credentials: CREDENTIALS });
  await new DynamoViewStore(dynamo, APPLIED).apply(histories.flat());
  expect(await itemsOf(TABLES.views)).toEqual(await itemsOf(APPLIED));
  const { facts } = await new DynamoEventLog(dynamo, TABLES.ledger).scan({ limit: 1_000 });
  expect(facts).toHaveLength(260);
});
