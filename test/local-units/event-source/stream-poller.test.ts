// Owns the proof that a stream source hands every record over at least once, in order, gives up what is poison, and
// goes on where it was: a real engine's stream, and a real bundled function.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StreamSourcePlan } from '../../../local/assembly/plan.ts';
import { type StreamPoller, startStreamPoller } from '../../../local/event-source/stream-poller.ts';
import { type Lambda, startLambda } from '../../../local/lambda/service.ts';
import { type Engine, startEngine } from '../../engine/start-engine.ts';
import { regionOf, workspace } from '../lambda/bundled.ts';
import { streamSource } from './stream-source.ts';

/** Prints what it gets; fails on what the items say. */
const SOURCE = `
export const handler = async (event: any) => {
  const records = event.Records.map((r: any) => ({ id: r.dynamodb.Keys.pk.S, sequence: r.dynamodb.SequenceNumber, how: r.dynamodb.NewImage.how.S }));
  console.log(JSON.stringify(records.map((r: any) => r.id)));
  if (process.env.SHAPE === 'yes') console.log(JSON.stringify(event.Records[0]));
  if (records.some((r: any) => r.how === 'throw')) throw new Error('poison');
  return { batchItemFailures: records.filter((r: any) => r.how === 'report').map((r: any) => ({ itemIdentifier: r.sequence })) };
};`;

const space = workspace();
let engine: Engine;
let dynamo: DynamoDBClient;
let lambda: Lambda;
let dataDir: string;
let streamArn: string;
let tables = 0;
let table: string;
const seen: string[][] = [];
const lines: string[] = [];
const failures: Record<string, Record<string, string>>[] = [];
const troubles: string[] = [];
const ages: number[] = [];
const pollers: StreamPoller[] = [];

beforeAll(async () => {
  engine = await startEngine();
  dynamo = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: engine.endpoint,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  lambda = startLambda({
    plan: regionOf(space.fn('consumer', SOURCE), space.fn('shape', SOURCE, { environment: { SHAPE: 'yes' } })),
    endpoints: {},
    onLog: (_name, logged) => {
      for (const line of logged) {
        if (line.startsWith('[')) seen.push(JSON.parse(line));
        else lines.push(line);
      }
    },
    onMetric: () => undefined,
  });
});
afterAll(async () => {
  await lambda.close();
  dynamo.destroy();
  await engine.stop();
  space.remove();
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-source-'));
  table = `ledger-${tables++}`;
  for (const list of [seen, lines, failures, troubles]) list.length = 0;
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  streamArn = (await dynamo.send(new DescribeTableCommand({ TableName: table }))).Table?.LatestStreamArn ?? '';
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
  rmSync(dataDir, { recursive: true, force: true });
});

async function put(...items: readonly (readonly [id: string, how: string])[]): Promise<void> {
  for (const [id, how] of items) {
    await dynamo.send(
      new PutItemCommand({ TableName: table, Item: { pk: { S: id }, how: { S: how }, blob: { B: Buffer.from('é') } } }),
    );
  }
}

function start(plan: Partial<StreamSourcePlan> = {}, nowMs = () => Date.now()): StreamPoller {
  const source = streamSource({ streamArn, ...plan });
  const poller = startStreamPoller({
    plan: source,
    region: 'us-east-1',
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:consumer:live',
    accessKeyId: 'LKIATESTER',
    endpoint: engine.endpoint,
    dataDir,
    invoke: (event) => lambda.invoke(source.functionName, event),
    onFailure: (message) => failures.push(JSON.parse(message)),
    onTrouble: (what) => troubles.push(what),
    onIteratorAge: (ageMs) => ages.push(ageMs),
    nowMs,
  });
  pollers.push(poller);
  return poller;
}

async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!what()) {
    if (Date.now() > deadline)
      throw new Error(`not so after 10 s; seen ${JSON.stringify(seen)}, troubles ${troubles.join('; ')}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
const hasSeen = (id: string) => () => seen.flat().includes(id);
const checkpoint = () => {
  try {
    return Object.values(JSON.parse(readFileSync(join(dataDir, 'checkpoints', 'consumer.json'), 'utf8')).shards) as {
      sequenceNumber: string;
    }[];
  } catch {
    return [];
  }
};

describe('a stream source', () => {
  test('hands over what was there before it started, in order, in batches of the size', async () => {
    await put(['a', 'ok'], ['b', 'ok'], ['c', 'ok']);
    const poller = start({ batchSize: 2 });
    await until(hasSeen('c'));
    expect(seen).toEqual([['a', 'b'], ['c']]);
    await until(() => poller.lagMs() === 0);
  });

  test('tells the age of the last record of each batch as it is handed over', async () => {
    ages.length = 0;
    await put(['a', 'ok'], ['b', 'ok'], ['c', 'ok']);
    start({ batchSize: 2 }, () => Date.now() + 3_600_000);
    await until(hasSeen('c'));
    expect(ages.map((ageMs) => Math.floor(ageMs / 60_000))).toEqual([60, 60]);
  });

  test('makes the event that Lambda makes', async () => {
    await put(['a', 'ok']);
    start({ functionName: 'shape' });
    await until(() => lines.length > 0);
    const record = JSON.parse(lines[0]!);
    expect(record).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: streamArn,
      dynamodb: { Keys: { pk: { S: 'a' } }, NewImage: { blob: { B: 'w6k=' } } },
    });
    expect(typeof record.dynamodb.ApproximateCreationDateTime).toBe('number');
    expect(record.dynamodb.ApproximateCreationDateTime).toBeLessThan(10_000_000_000);
  });

  test('waits for a batch to fill, and no longer than the window', async () => {
    const filling = start({ batchSize: 2, batchingWindowSeconds: 60 });
    await put(['a', 'ok']);
    await until(() => filling.lagMs() > 0);
    await put(['b', 'ok']);
    await until(hasSeen('b'));
    expect(seen).toEqual([['a', 'b']]);
    await filling.stop();
    start({ batchingWindowSeconds: 1 });
    await put(['c', 'ok']);
    await until(hasSeen('c'));
    expect(seen).toEqual([['a', 'b'], ['c']]);
  });

  test('isolates a poison record by bisection: the others are done, it alone goes to the failure destination', async () => {
    await put(['a', 'ok'], ['b', 'ok'], ['bad', 'throw'], ['c', 'ok']);
    start();
    await until(() => failures.length > 0 && seen.at(-1)?.join() === 'c');
    expect(seen).toEqual([['a', 'b', 'bad', 'c'], ['a', 'b'], ['bad', 'c'], ['bad'], ['bad'], ['c']]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:consumer:live',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 4,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      DDBStreamBatchInfo: { batchSize: 1, streamArn },
    });
    const info = failures[0]!.DDBStreamBatchInfo!;
    expect(info.startSequenceNumber).toBe(info.endSequenceNumber);
    expect(info.approximateArrivalOfFirstRecord).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('without bisection gives the whole batch up after its retries', async () => {
    await put(['a', 'ok'], ['bad', 'throw']);
    start({ bisectOnError: false, maximumRetryAttempts: 2 });
    await until(() => failures.length > 0);
    expect(seen).toEqual([
      ['a', 'bad'],
      ['a', 'bad'],
      ['a', 'bad'],
    ]);
    expect(failures[0]).toMatchObject({ DDBStreamBatchInfo: { batchSize: 2 } });
  });

  test('goes on from the lowest record that was reported', async () => {
    await put(['a', 'ok'], ['late', 'report'], ['c', 'ok']);
    start({ maximumRetryAttempts: 0 });
    await until(() => failures.length > 0 && seen.at(-1)?.join() === 'c');
    expect(seen).toEqual([['a', 'late', 'c'], ['late', 'c'], ['late'], ['c']]);
    expect(failures[0]).toMatchObject({
      DDBStreamBatchInfo: { batchSize: 1 },
      requestContext: { approximateInvokeCount: 3 },
    });
  });

  test('ignores the report when the source is not configured for it', async () => {
    await put(['a', 'report'], ['b', 'ok']);
    start({ reportBatchItemFailures: false });
    await until(() => checkpoint().length > 0);
    expect(seen).toEqual([['a', 'b']]);
    expect(failures).toEqual([]);
  });

  test('discards records that are too old, without trying them', async () => {
    await put(['old', 'ok']);
    start({ maximumRecordAgeSeconds: 60 }, () => Date.now() + 3_600_000);
    await until(() => failures.length > 0);
    expect(seen).toEqual([]);
    expect(failures[0]).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
    });
    expect(failures[0]).not.toHaveProperty('responseContext');
  });

  test('resumes after its checkpoint, and only after it', async () => {
    await put(['a', 'ok']);
    const first = start();
    await until(() => checkpoint().length > 0);
    await first.stop();
    await put(['b', 'ok']);
    start();
    await until(hasSeen('b'));
    expect(seen).toEqual([['a'], ['b']]);
  });

  test('stopped in the middle of a failing batch, it has not moved on', async () => {
    await put(['bad', 'throw']);
    const first = start({ maximumRetryAttempts: -1 });
    await until(hasSeen('bad'));
    expect(first.lagMs()).toBeGreaterThan(0);
    await first.stop();
    expect(checkpoint()).toEqual([]);
    seen.length = 0;
    start();
    await until(hasSeen('bad'));
  });
});

test('a parallelization factor that is not emulated is refused', () => {
  expect(() => start({ parallelizationFactor: 2 })).toThrow(
    'event source of consumer: a parallelization factor of 2 is not emulated, only 1',
  );
});
