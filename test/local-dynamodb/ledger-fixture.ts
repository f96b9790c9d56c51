// Owns a running ledger for tests: real engine, real gateways, real SDK clients, the committed round trips.
// Leaves to the tests what is done with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { GlobalTablePlan } from '../../local/assembly/plan.ts';
import type { LedgerReport, RegionChange } from '../../local/dynamodb/ledger/admin.ts';
import { type Ledger, type LedgerOptions, startLedger } from '../../local/dynamodb/ledger/start-ledger.ts';
import { roundTripsBetween } from '../../local/latency.ts';
import type { LedgerProcessConfig, ScopedFault } from '../../local/processes.ts';

export const EAST = 'us-east-1';
export const WEST = 'us-west-2';
export const WITNESS = 'us-east-2';
export const LEDGER = 'baseload-us-ledger-g1';

const arn = (region: string): string => `arn:aws:dynamodb:${region}:111111111111:table/${LEDGER}`;
export const streamArn = (region: string): string => `${arn(region)}/stream/2026-01-01T00:00:00.000`;

export const LEDGER_PLAN: GlobalTablePlan = {
  name: LEDGER,
  arn: arn(EAST),
  attributes: [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'S' },
  ],
  partitionKey: 'pk',
  sortKey: 'sk',
  localIndexes: [],
  consistency: 'STRONG',
  replicas: [EAST, WEST].map((region) => ({ region, arn: arn(region), streamArn: streamArn(region) })),
  witness: WITNESS,
};

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'baseload-test-'));

export const ledgerConfig = (dataDir: string): LedgerProcessConfig => ({
  dataDir,
  roundTripMs: roundTripsBetween([EAST, WEST, WITNESS]),
  tables: [LEDGER_PLAN],
  ports: { engine: 0, admin: 0, gateways: { [EAST]: 0, [WEST]: 0 } },
  seed: 7,
});

const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' };

export const clientOf = (endpoint: string, region: string, maxAttempts = 1): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region, credentials, maxAttempts });

export interface RunningLedger {
  readonly ledger: Ledger;
  readonly east: DynamoDBClient;
  readonly west: DynamoDBClient;
  readonly streams: Readonly<Record<string, DynamoDBStreamsClient>>;
  readonly state: () => Promise<LedgerReport>;
  readonly change: (region: string, change: RegionChange) => Promise<void>;
  readonly fault: (fault: ScopedFault) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const runLedger = async (dataDir: string, options: LedgerOptions = {}): Promise<RunningLedger> => {
  const ledger = await startLedger(ledgerConfig(dataDir), {
    onDefect: (line) => process.stderr.write(`${line}\n`),
    ...options,
  });
  const url = (region: string): string => ledger.gatewayUrls[region] ?? '';
  const post = async (path: string, body?: object): Promise<void> => {
    const response = await fetch(`${ledger.adminUrl}${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const east = clientOf(url(EAST), EAST);
  const west = clientOf(url(WEST), WEST);
  const streams = Object.fromEntries(
    [EAST, WEST].map((region) => [
      region,
      new DynamoDBStreamsClient({ endpoint: url(region), region, credentials, maxAttempts: 1 }),
    ]),
  );
  return {
    ledger,
    east,
    west,
    streams,
    state: async () => (await (await fetch(`${ledger.adminUrl}/state`)).json()) as LedgerReport,
    change: (region, change) => post(`/regions/${region}/${change}`),
    fault: (fault) => post('/faults', fault),
    stop: async () => {
      for (const client of [east, west, ...Object.values(streams)]) client.destroy();
      await ledger.stop();
    },
  };
};

export const removeDirectory = (directory: string): void => rmSync(directory, { recursive: true, force: true });

/** Waits for a condition, at most five seconds. */
export const eventually = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  const deadlineMs = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`not within 5 s: ${what}`);
    await delay(10);
  }
};

/** One conditional put of a new item, as the payment path makes it. */
export const putNew = (client: DynamoDBClient, pk: string, sk: string, body = '{}'): Promise<unknown> =>
  client.send(
    new PutItemCommand({
      TableName: LEDGER,
      Item: { pk: { S: pk }, sk: { S: sk }, body: { S: body } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );

/** The error a request ends with, as `name message` and its HTTP status. */
export const refusalOf = async (
  request: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> => {
  try {
    await request;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the request was not refused');
};

/** Everything a Region's stream holds now, shard by shard. */
export const readShards = async (running: RunningLedger, region: string): Promise<_Record[][]> => {
  const client = running.streams[region];
  if (client === undefined) throw new Error(`no stream in ${region}`);
  return Promise.all(
    [0, 1, 2, 3].map(async (shard) => {
      const ShardId = `shardId-0000000000000000000${shard}-baseload`;
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamArn: streamArn(region), ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
    }),
  );
};

export const sortKeysOf = (records: readonly _Record[]): string[] =>
  records.map((record) => record.dynamodb?.Keys?.sk?.S ?? '');
