import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Denial } from '../../local/dynamodb/regional/permission.ts';
import type { RegionalDynamo } from '../../local/dynamodb/regional/start-regional-dynamo.ts';
import type { RegionProcessConfig } from '../../local/processes.ts';
import {
  EAST,
  LEDGER,
  putNew,
  type RunningLedger,
  refusalOf,
  removeDirectory,
  runLedger,
  streamArn,
  temporaryDirectory,
} from './ledger-fixture.ts';
import { PROFILES, regionalClient, regionalConfig, regionalPorts, runRegional, VIEWS } from './regional-fixture.ts';

const directory = temporaryDirectory();
const denials: Denial[] = [];
let ledger: RunningLedger;
let regional: RegionalDynamo;
let config: RegionProcessConfig;
let operator: DynamoDBClient;
let payments: DynamoDBClient;

beforeAll(async () => {
  ledger = await runLedger(directory);
  config = regionalConfig(EAST, directory, await regionalPorts(), ledger.ledger.gatewayUrls[EAST] ?? '');
  regional = await runRegional(config, (denial) => denials.push(denial));
  operator = regionalClient(config);
  payments = regionalClient(config, 'key-payments');
});

afterAll(async () => {
  operator.destroy();
  payments.destroy();
  await regional.stop();
  await ledger.stop();
  removeDirectory(directory);
});

const get = (client: DynamoDBClient): Promise<unknown> =>
  client.send(
    new GetItemCommand({ TableName: LEDGER, Key: { pk: { S: 'us_a' }, sk: { S: 'p#1#000' } }, ConsistentRead: true }),
  );

describe('policies', () => {
  test('what a role may do goes through to the ledger, and its answer back as it is', async () => {
    await putNew(payments, 'us_a', 'p#1#000', 'paid');
    expect(await get(operator)).toMatchObject({ Item: { body: { S: 'paid' } } });
    expect((await refusalOf(putNew(payments, 'us_a', 'p#1#000'))).name).toBe('ConditionalCheckFailedException');
  });

  test('what a role may not do is refused in the words of AWS and told to the owner of the process', async () => {
    denials.length = 0;
    expect(await refusalOf(get(payments))).toEqual({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::111111111111:assumed-role/payments/session is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-ledger-g1 because no identity-based policy allows the dynamodb:GetItem action',
      status: 400,
    });
    expect(denials).toMatchObject([
      { action: 'dynamodb:GetItem', resource: 'arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-ledger-g1' },
    ]);
  });

  test('an index needs a grant of its own', async () => {
    const byTime = new QueryCommand({
      TableName: VIEWS,
      IndexName: 'by-time',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'us_a' } },
    });
    expect((await refusalOf(payments.send(byTime))).message).toContain(
      'table/baseload-us-views-g1/index/by-time because',
    );
    expect((await operator.send(byTime)).Count).toBe(0);
  });

  test('each item of a transaction is judged', async () => {
    const item = (TableName: string) => ({ TableName, Item: { pk: { S: 'us_t' }, sk: { S: '1' } } });
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [{ Put: item(VIEWS) }, { Put: item(PROFILES) }],
    });
    expect((await refusalOf(payments.send(transaction))).message).toContain(
      'perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-profiles-g1',
    );
  });

  test('streams are protected by their own ARNs', async () => {
    const streams = new DynamoDBStreamsClient({
      endpoint: regional.url,
      region: EAST,
      credentials: { accessKeyId: 'key-payments', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const describeStream = new DescribeStreamCommand({ StreamArn: streamArn(EAST) });
    expect((await refusalOf(streams.send(describeStream))).message).toContain(
      `dynamodb:DescribeStream on resource: ${streamArn(EAST)} because`,
    );
    streams.destroy();
  });

  test('an access key nobody has', async () => {
    const stranger = regionalClient(config, 'key-stranger');
    expect(await refusalOf(get(stranger))).toEqual({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      status: 400,
    });
    stranger.destroy();
  });

  test('the key of the replication opens nothing but the replication, and nobody else opens that', async () => {
    const replication = regionalClient(config, 'replication');
    expect((await refusalOf(get(replication))).name).toBe('UnrecognizedClientException');
    replication.destroy();
    const response = await fetch(`${regional.url}/__replicate`, { method: 'POST', body: '{"changes":[]}' });
    expect([response.status, await response.text()]).toEqual([403, '{"error":"only for replication"}']);
  });
});

describe('routing', () => {
  test('tables of the Region alone answer from its own engine, transactions included', async () => {
    const Item = { pk: { S: 'us_v' }, sk: { S: 'sum' }, at: { S: '1' } };
    await operator.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: VIEWS, Item } }] }));
    const found = await operator.send(new GetItemCommand({ TableName: VIEWS, Key: { pk: Item.pk, sk: Item.sk } }));
    expect(found.Item).toEqual(Item);
  });

  test('a transaction that touches the ledger is refused as a whole', async () => {
    const Item = { pk: { S: 'us_mixed' }, sk: { S: '1' } };
    const mixed = new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName: VIEWS, Item } }, { Put: { TableName: LEDGER, Item } }],
    });
    expect(await refusalOf(operator.send(mixed))).toMatchObject({
      name: 'ValidationException',
      message: 'Transactions are not supported on global tables configured for multi-Region strong consistency (MRSC)',
    });
    expect((await operator.send(new GetItemCommand({ TableName: VIEWS, Key: Item }))).Item).toBeUndefined();
  });

  test("every table is described under the ARN of this Region, and the side tables are nobody's", async () => {
    const arnOf = async (TableName: string) =>
      (await operator.send(new DescribeTableCommand({ TableName }))).Table?.TableArn;
    expect(await arnOf(VIEWS)).toBe('arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-views-g1');
    expect(await arnOf(PROFILES)).toBe('arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-profiles-g1');
    expect(await arnOf(LEDGER)).toBe('arn:aws:dynamodb:us-east-1:111111111111:table/baseload-us-ledger-g1');
    const { Table } = await operator.send(new DescribeTableCommand({ TableName: PROFILES }));
    expect(Table).toMatchObject({ MultiRegionConsistency: 'EVENTUAL', Replicas: [{ RegionName: 'us-west-2' }] });
    expect((await operator.send(new ListTablesCommand({}))).TableNames).toEqual([LEDGER, PROFILES, VIEWS]);
  });

  test('a batch over the ledger and other tables is not imitated', async () => {
    const PutRequest = { Item: { pk: { S: 'us_batch' }, sk: { S: '1' } } };
    const batch = new BatchWriteItemCommand({
      RequestItems: { [LEDGER]: [{ PutRequest }], [VIEWS]: [{ PutRequest }] },
    });
    expect((await refusalOf(operator.send(batch))).message).toBe(
      'not emulated locally: BatchWriteItem on an MRSC table together with others',
    );
  });

  test('an answer lost on the way is lost to the client too', async () => {
    await ledger.fault({ kind: 'lost-answer', region: EAST, count: 1 });
    const lost = new PutItemCommand({ TableName: LEDGER, Item: { pk: { S: 'us_lost' }, sk: { S: 'p#1#000' } } });
    expect((await refusalOf(operator.send(lost))).message).toMatch(/socket hang up|ECONNRESET/);
  });
});
