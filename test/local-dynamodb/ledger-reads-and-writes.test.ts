import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { eventually, LEDGER, putNew, type RunningLedger, refusalOf, WEST } from './ledger-fixture.ts';
import { ledgerOfThisFile } from './ledger-of-this-file.ts';

const running = ledgerOfThisFile();

const get = async (
  client: RunningLedger['east'],
  pk: string,
  sk: string,
  ConsistentRead: boolean,
): Promise<string | undefined> =>
  (await client.send(new GetItemCommand({ TableName: LEDGER, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead })))
    .Item?.body?.S;

const query = (client: RunningLedger['east'], pk: string, ConsistentRead: boolean, more: object = {}) =>
  client.send(
    new QueryCommand({
      TableName: LEDGER,
      KeyConditionExpression: '#p = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeNames: { '#p': 'pk' },
      ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: 'p#' } },
      ConsistentRead,
      ...more,
    }),
  );

const allApplied = (): Promise<void> =>
  eventually('both replicas have applied everything', async () => {
    const { regions } = await running.state();
    return Object.values(regions).every((region) => region.caughtUp && region.lagMs === 0);
  });

describe('reads and writes of an MRSC table', () => {
  test('a strong read in the other Region sees what an eventual one there can miss', async () => {
    const missed: boolean[] = [];
    for (const sk of ['p#1#000', 'p#2#000', 'p#3#000', 'p#4#000', 'p#5#000']) {
      await putNew(running.east, 'us_a', sk, sk);
      missed.push((await get(running.west, 'us_a', sk, false)) === undefined);
      expect(await get(running.west, 'us_a', sk, true)).toBe(sk);
      await eventually('the west applies it', async () => (await get(running.west, 'us_a', sk, false)) === sk);
    }
    expect(missed).toContain(true);
  });

  test('what a replica has not applied: overwritten items are shown as they were, new ones not at all, deleted ones still', async () => {
    for (const sk of ['p#1#000', 'p#2#000', 'p#4#000']) await putNew(running.east, 'us_c', sk, sk);
    await allApplied();
    // Cut off, so that nothing is applied while the test looks.
    await running.change(WEST, 'isolate');
    const Key = { pk: { S: 'us_c' }, sk: { S: 'p#2#000' } };
    await putNew(running.east, 'us_c', 'p#3#000');
    await running.east.send(new DeleteItemCommand({ TableName: LEDGER, Key }));
    const Item = { pk: { S: 'us_c' }, sk: { S: 'p#4#000' }, body: { S: 'overwritten' } };
    await running.east.send(new PutItemCommand({ TableName: LEDGER, Item }));

    expect(await get(running.west, 'us_c', 'p#4#000', false)).toBe('p#4#000');
    const eventual = await query(running.west, 'us_c', false, { ProjectionExpression: 'body' });
    expect(eventual.Items).toEqual([
      { body: { S: 'p#1#000' } },
      { body: { S: 'p#2#000' } },
      { body: { S: 'p#4#000' } },
    ]);
    expect(eventual.Count).toBe(3);
    const first = await query(running.west, 'us_c', false, { ScanIndexForward: false, Limit: 2 });
    const second = await query(running.west, 'us_c', false, {
      ScanIndexForward: false,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    const pages = [first, second].map((page) => page.Items?.map((item) => item.sk?.S));
    expect(pages).toEqual([['p#4#000'], ['p#2#000', 'p#1#000']]);
    const scanned = await running.west.send(new ScanCommand({ TableName: LEDGER }));
    const found = scanned.Items?.filter((item) => item.pk?.S === 'us_c').map((item) => item.sk?.S);
    expect(found?.sort()).toEqual(['p#1#000', 'p#2#000', 'p#4#000']);
    const Keys = [Key, { pk: { S: 'us_c' }, sk: { S: 'p#3#000' } }];
    const batch = await running.west.send(new BatchGetItemCommand({ RequestItems: { [LEDGER]: { Keys } } }));
    expect(batch.Responses?.[LEDGER]).toEqual([{ ...Key, body: { S: 'p#2#000' } }]);

    await running.change(WEST, 'rejoin');
    await allApplied();
    const whole = await query(running.west, 'us_c', false);
    expect(whole.Items?.map((item) => item.body?.S)).toEqual(['p#1#000', '{}', 'overwritten']);
    expect((await query(running.west, 'us_c', true)).Items).toEqual(whole.Items);
  });

  test('a filter on an eventual read is refused, since it cannot be tested on what is hidden', async () => {
    const refusal = await refusalOf(query(running.west, 'us_c', false, { FilterExpression: 'attribute_exists(body)' }));
    expect(refusal.message).toBe(
      'not emulated locally: FilterExpression in an eventually consistent read of an MRSC table: read strongly, or filter afterwards',
    );
    expect((await query(running.west, 'us_c', true, { FilterExpression: 'attribute_exists(body)' })).Count).toBe(3);
  });

  test('answers are what the client asked for, though the gateway asks the engine for more', async () => {
    const Item = { pk: { S: 'us_d' }, sk: { S: 'hb' }, at: { N: '1.50' } };
    const put = await running.east.send(
      new PutItemCommand({ TableName: LEDGER, Item, ReturnConsumedCapacity: 'TOTAL' }),
    );
    expect(put.Attributes).toBeUndefined();
    expect(put.ConsumedCapacity).toEqual({ TableName: LEDGER, CapacityUnits: 1 });
    expect((await running.east.send(new PutItemCommand({ TableName: LEDGER, Item }))).Attributes).toBeUndefined();
    const overwritten = await running.east.send(
      new PutItemCommand({ TableName: LEDGER, Item, ReturnValues: 'ALL_OLD' }),
    );
    expect(overwritten.Attributes).toEqual({ pk: { S: 'us_d' }, sk: { S: 'hb' }, at: { N: '1.5' } });
    const updated = await running.east.send(
      new UpdateItemCommand({
        TableName: LEDGER,
        Key: { pk: { S: 'us_d' }, sk: { S: 'hb' } },
        UpdateExpression: 'ADD #at :one',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ at: { N: '2.5' } });
  });

  test('a failed condition comes with the item that is there', async () => {
    await putNew(running.east, 'us_e', 'p#1#000', 'first');
    const failed = putNew(running.west, 'us_e', 'p#1#000', 'second').catch((error: unknown) => error);
    expect(await failed).toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { body: { S: 'first' } },
    });
  });

  test('a batch writes each item on its own', async () => {
    const written = await running.east.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [LEDGER]: ['p#1#000', 'p#2#000'].map((sk) => ({
            PutRequest: { Item: { pk: { S: 'us_f' }, sk: { S: sk } } },
          })),
        },
      }),
    );
    expect(written.UnprocessedItems).toEqual({});
    expect((await query(running.west, 'us_f', true)).Count).toBe(2);
  });
});

describe('latency', () => {
  test('a write waits for the nearest participant, the witness included', async () => {
    const tookMs: number[] = [];
    // A busy machine adds to it, but not to every write.
    await eventually('a write was quicker than the way to us-west-2 and back, 65.67 ms', async () => {
      const startedMs = performance.now();
      await putNew(running.east, 'us_latency', `p#${tookMs.length}#000`);
      tookMs.push(performance.now() - startedMs);
      return Math.min(...tookMs) < 63;
    });
    // us-east-1 to us-east-2 and back: 17.56 ms.
    expect(Math.min(...tookMs)).toBeGreaterThan(16);
  });

  test('with the nearest one isolated it waits for the next', async () => {
    await running.change('us-east-2', 'isolate');
    try {
      const startedMs = performance.now();
      await putNew(running.east, 'us_latency_2', 'p#1#000');
      // us-east-1 to us-west-2 and back: 65.67 ms.
      expect(performance.now() - startedMs).toBeGreaterThan(63);
    } finally {
      await running.change('us-east-2', 'rejoin');
    }
  });
});
