import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RegionalDynamo } from '../../local/dynamodb/regional/start-regional-dynamo.ts';
import type { RegionProcessConfig } from '../../local/processes.ts';
import { EAST, eventually, refusalOf, removeDirectory, temporaryDirectory, WEST } from './ledger-fixture.ts';
import {
  PROFILES,
  profileName,
  putProfile,
  regionalClient,
  regionalConfig,
  regionalPorts,
  runRegional,
  VIEWS,
} from './regional-fixture.ts';

// These tests ask nothing of the ledger.
const NO_LEDGER = 'http://127.0.0.1:9';

let directory: string;
let eastConfig: RegionProcessConfig;
let westConfig: RegionProcessConfig;
let running: RegionalDynamo[];
let east: DynamoDBClient;
let west: DynamoDBClient;

beforeEach(async () => {
  directory = temporaryDirectory();
  const ports = await regionalPorts();
  eastConfig = regionalConfig(EAST, directory, ports, NO_LEDGER);
  westConfig = regionalConfig(WEST, directory, ports, NO_LEDGER);
  running = [];
  east = regionalClient(eastConfig);
  west = regionalClient(westConfig);
});

afterEach(async () => {
  east.destroy();
  west.destroy();
  for (const regional of running) await regional.stop();
  removeDirectory(directory);
});

const start = async (config: RegionProcessConfig): Promise<RegionalDynamo> => {
  const regional = await runRegional(config);
  running.push(regional);
  return regional;
};

const named = (client: DynamoDBClient, pk: string, name: string | undefined): Promise<void> =>
  eventually(`${pk} is ${name}`, async () => (await profileName(client, pk)) === name);

describe('tables with multi-Region eventual consistency', () => {
  test('every kind of write succeeds at once and reaches the other Region later', async () => {
    await start(eastConfig);
    await start(westConfig);
    await putProfile(east, 'us_put', 'Ada');
    expect(await profileName(east, 'us_put')).toBe('Ada');
    await named(west, 'us_put', 'Ada');

    const Key = { pk: { S: 'us_put' } };
    const updated = await west.send(
      new UpdateItemCommand({
        TableName: PROFILES,
        Key,
        UpdateExpression: 'SET #n = :n',
        ExpressionAttributeNames: { '#n': 'name' },
        ExpressionAttributeValues: { ':n': { S: 'Grace' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ pk: { S: 'us_put' }, name: { S: 'Grace' } });
    await named(east, 'us_put', 'Grace');

    const deleted = await east.send(new DeleteItemCommand({ TableName: PROFILES, Key, ReturnValues: 'ALL_OLD' }));
    expect(deleted.Attributes?.name?.S).toBe('Grace');
    await named(west, 'us_put', undefined);

    const Item = (pk: string) => ({ pk: { S: pk }, name: { S: 'Hopper' } });
    await east.send(
      new BatchWriteItemCommand({ RequestItems: { [PROFILES]: [{ PutRequest: { Item: Item('us_batch') } }] } }),
    );
    await east.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: PROFILES, Item: Item('us_transact') } },
          { Put: { TableName: VIEWS, Item: { ...Item('us_transact'), sk: { S: '1' } } } },
        ],
      }),
    );
    await named(west, 'us_batch', 'Hopper');
    await named(west, 'us_transact', 'Hopper');
  });

  test('conditions test the local copy and are refused as for any table', async () => {
    await start(eastConfig);
    await putProfile(east, 'us_a', 'Ada');
    const put = new PutItemCommand({
      TableName: PROFILES,
      Item: { pk: { S: 'us_a' }, name: { S: 'Eve' } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(await east.send(put).catch((error: unknown) => error)).toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { pk: { S: 'us_a' }, name: { S: 'Ada' } },
    });
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: PROFILES, Item: { pk: { S: 'us_a' } }, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    expect(await east.send(transaction).catch((error: unknown) => error)).toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  });

  test('what a transaction cannot tell is refused', async () => {
    await start(eastConfig);
    const update = new UpdateItemCommand({
      TableName: PROFILES,
      Key: { pk: { S: 'us_a' } },
      ReturnValues: 'UPDATED_NEW',
    });
    expect((await refusalOf(east.send(update))).message).toBe(
      'not emulated locally: ReturnValues UPDATED_NEW on a table with multi-Region eventual consistency',
    );
  });

  test('both sides of a cut go on; after it the later write of each item is on both sides, deletes included', async () => {
    const eastDynamo = await start(eastConfig);
    await start(westConfig);
    await putProfile(east, 'us_both', 'first');
    await putProfile(east, 'us_deleted', 'first');
    await named(west, 'us_both', 'first');
    await named(west, 'us_deleted', 'first');
    eastDynamo.isolate();

    await putProfile(east, 'us_both', 'east, earlier');
    await putProfile(west, 'us_deleted', 'west, earlier');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await putProfile(west, 'us_both', 'west, later');
    await east.send(new DeleteItemCommand({ TableName: PROFILES, Key: { pk: { S: 'us_deleted' } } }));
    await putProfile(west, 'us_only_west', 'west');
    // Longer than any lag of the replication.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([await profileName(east, 'us_both'), await profileName(west, 'us_both')]).toEqual([
      'east, earlier',
      'west, later',
    ]);
    expect(await profileName(east, 'us_only_west')).toBeUndefined();

    eastDynamo.rejoin();
    await named(east, 'us_only_west', 'west');
    await named(east, 'us_both', 'west, later');
    await named(west, 'us_deleted', undefined);
    expect(await profileName(west, 'us_both')).toBe('west, later');
    expect(await profileName(east, 'us_deleted')).toBeUndefined();
  });
});

describe('a Region that is killed', () => {
  const spawnEast = async (): Promise<ChildProcess> => {
    const configFile = join(directory, 'east.json');
    writeFileSync(configFile, JSON.stringify(eastConfig));
    const script = new URL('./regional-child.ts', import.meta.url).pathname;
    // A process group of its own, as a Region has: the engine dies with it.
    const child = spawn(process.execPath, ['--import', 'tsx', script, configFile], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    return child;
  };

  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  };

  test('still owes its peer what it wrote, and delivers it when both are back', async () => {
    const first = await spawnEast();
    try {
      await putProfile(east, 'us_a', 'Ada');
      await putProfile(east, 'us_b', 'Bea');
    } finally {
      await kill(first);
    }
    await start(westConfig);
    expect(await profileName(west, 'us_a')).toBeUndefined();
    const second = await spawnEast();
    try {
      await named(west, 'us_a', 'Ada');
      await named(west, 'us_b', 'Bea');
      expect(await profileName(east, 'us_a')).toBe('Ada');
    } finally {
      await kill(second);
    }
  }, 20_000);
});
