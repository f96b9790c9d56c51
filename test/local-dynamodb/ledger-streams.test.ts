import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../local/dynamodb/engine.ts';
import { DynamoConnection } from '../../local/dynamodb/engine-client.ts';
import {
  EAST,
  eventually,
  LEDGER,
  putNew,
  type RunningLedger,
  readShards,
  refusalOf,
  removeDirectory,
  runLedger,
  sortKeysOf,
  streamArn,
  temporaryDirectory,
  WEST,
} from './ledger-fixture.ts';

let dataDir: string;
let running: RunningLedger;

beforeEach(async () => {
  dataDir = temporaryDirectory();
  running = await runLedger(dataDir);
});

afterEach(async () => {
  await running.stop();
  removeDirectory(dataDir);
});

const beat = (at: number): Promise<unknown> =>
  running.east.send(
    new PutItemCommand({
      TableName: LEDGER,
      Item: { pk: { S: 'hb#us-east-1#00' }, sk: { S: 'hb' }, at: { N: String(at) } },
    }),
  );

const whenStreamed = (region: string, count: number): Promise<void> =>
  eventually(`${count} records in ${region}`, async () => (await readShards(running, region)).flat().length === count);

const client = (region: string) => {
  const found = running.streams[region];
  if (found === undefined) throw new Error(region);
  return found;
};

describe('the stream of a replica', () => {
  test('is described under its own Region, with four shards', async () => {
    expect((await client(WEST).send(new ListStreamsCommand({ TableName: LEDGER }))).Streams).toEqual([
      { StreamArn: streamArn(WEST), TableName: LEDGER, StreamLabel: '2026-01-01T00:00:00.000' },
    ]);
    const { StreamDescription } = await client(WEST).send(new DescribeStreamCommand({ StreamArn: streamArn(WEST) }));
    expect(StreamDescription?.StreamViewType).toBe('NEW_IMAGE');
    expect(StreamDescription?.Shards?.map((shard) => shard.ShardId)).toHaveLength(4);
    expect(await refusalOf(client(EAST).send(new DescribeStreamCommand({ StreamArn: streamArn(WEST) })))).toMatchObject(
      {
        name: 'ResourceNotFoundException',
      },
    );
  });

  test('has the records of DynamoDB, new images only', async () => {
    await putNew(running.east, 'us_a', 'p#1#000', 'paid');
    await whenStreamed(WEST, 1);
    const [record] = (await readShards(running, WEST)).flat();
    expect(record).toMatchObject({
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-west-2',
      dynamodb: {
        Keys: { pk: { S: 'us_a' }, sk: { S: 'p#1#000' } },
        NewImage: { pk: { S: 'us_a' }, sk: { S: 'p#1#000' }, body: { S: 'paid' } },
        SequenceNumber: '100000000000000000001',
        StreamViewType: 'NEW_IMAGE',
      },
    });
    expect(record?.dynamodb?.OldImage).toBeUndefined();
  });

  test('keeps the order of each item and of nothing else: two replicas order items differently', async () => {
    const items = Array.from({ length: 40 }, (_, index) => `p#${String(index).padStart(2, '0')}#000`);
    await Promise.all([
      ...items.map((sk, index) => putNew(running.east, `us_${index % 8}`, sk)),
      (async () => {
        for (const at of [1, 2, 3, 4, 5]) await beat(at);
      })(),
    ]);
    await whenStreamed(EAST, 45);
    await whenStreamed(WEST, 45);
    const [east, west] = [await readShards(running, EAST), await readShards(running, WEST)];
    for (const shards of [east, west]) {
      const beats = shards.flat().filter((record) => record.dynamodb?.Keys?.sk?.S === 'hb');
      expect(beats.map((record) => record.dynamodb?.NewImage?.at?.N)).toEqual(['1', '2', '3', '4', '5']);
      expect(beats.map((record) => record.eventName)).toEqual(['INSERT', 'MODIFY', 'MODIFY', 'MODIFY', 'MODIFY']);
    }
    expect(east.map((shard) => sortKeysOf(shard).sort())).toEqual(west.map((shard) => sortKeysOf(shard).sort()));
    expect(east.map(sortKeysOf)).not.toEqual(west.map(sortKeysOf));
    expect(east.filter((shard) => shard.length > 0).length).toBeGreaterThan(1);
  });

  test('a put that changes nothing makes no record', async () => {
    await beat(1);
    await beat(1);
    await beat(2);
    await whenStreamed(EAST, 2);
  });

  test('is read on from a sequence number, from the newest record, and refuses numbers it does not have', async () => {
    for (const at of [1, 2, 3]) await beat(at);
    await whenStreamed(EAST, 3);
    const shards = await readShards(running, EAST);
    const shard = shards.findIndex((records) => records.length === 3);
    const sequences = shards[shard]?.map((record) => record.dynamodb?.SequenceNumber) ?? [];
    const from = async (
      ShardIteratorType: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER' | 'LATEST',
      SequenceNumber?: string,
    ) => {
      const { ShardIterator } = await client(EAST).send(
        new GetShardIteratorCommand({
          StreamArn: streamArn(EAST),
          ShardId: `shardId-0000000000000000000${shard}-baseload`,
          ShardIteratorType,
          SequenceNumber,
        }),
      );
      return client(EAST).send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    };
    const at = async (...of: Parameters<typeof from>) =>
      (await from(...of)).Records?.map((record) => record.dynamodb?.NewImage?.at?.N);
    expect(await at('AT_SEQUENCE_NUMBER', sequences[1])).toEqual(['2']);
    expect(await at('AFTER_SEQUENCE_NUMBER', sequences[1])).toEqual(['3']);
    expect(await at('LATEST')).toEqual([]);
    expect(await refusalOf(from('AFTER_SEQUENCE_NUMBER', '100000000000000000099'))).toMatchObject({
      name: 'TrimmedDataAccessException',
      message: 'The operation attempted to read past the oldest stream record in a shard.',
    });
    const { NextShardIterator } = await from('AT_SEQUENCE_NUMBER', sequences[0]);
    const next = await client(EAST).send(new GetRecordsCommand({ ShardIterator: NextShardIterator }));
    expect(next.Records?.map((record) => record.dynamodb?.NewImage?.at?.N)).toEqual(['2', '3']);
  });
});

describe('after a restart of everything', () => {
  test('every record has the place and number it had, and the count of facts is the same', async () => {
    const body = JSON.stringify({ type: 'PaymentAccepted' });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => putNew(running.west, `us_${index}`, `p#${index}#000`, body)),
    );
    await beat(1);
    await whenStreamed(EAST, 13);
    await whenStreamed(WEST, 13);
    const before = [await readShards(running, EAST), await readShards(running, WEST)];
    await running.stop();
    running = await runLedger(dataDir);
    expect([await readShards(running, EAST), await readShards(running, WEST)]).toEqual(before);
    expect((await running.state()).facts).toEqual({ total: 12, byType: { PaymentAccepted: 12 } });
    await beat(2);
    await whenStreamed(EAST, 14);
    const numbers = (await readShards(running, EAST)).flat().map((record) => record.dynamodb?.SequenceNumber);
    expect(new Set(numbers).size).toBe(14);
  });

  test('what the engine took without the log having it is streamed all the same', async () => {
    await putNew(running.east, 'us_known', 'p#1#000');
    await whenStreamed(WEST, 1);
    await running.stop();
    const engine = await startEngine({ dbFile: `${dataDir}/ledger.db`, port: 0 });
    const direct = new DynamoConnection(engine.url);
    await direct.must('PutItem', { TableName: LEDGER, Item: { pk: { S: 'us_unlogged' }, sk: { S: 'p#1#000' } } });
    await direct.must('PutItem', {
      TableName: LEDGER,
      Item: { pk: { S: 'us_known' }, sk: { S: 'p#1#000' }, n: { N: '1' } },
    });
    direct.close();
    await engine.stop();
    running = await runLedger(dataDir);
    await whenStreamed(WEST, 3);
    const records = (await readShards(running, WEST)).flat();
    const names = records.map((record) => `${record.dynamodb?.Keys?.pk?.S} ${record.eventName}`).sort();
    expect(names).toEqual(['us_known INSERT', 'us_known MODIFY', 'us_unlogged INSERT']);
  });
});
