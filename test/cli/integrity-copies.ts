// Owns two Regions' copies for tests of the command line: ledger and views in real engines, archives on S3 endpoints, chains of seals.
// Leaves to the tests what is damaged and what must come of it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import { objectKey } from '../../lambdas/adapters/archived-seal.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import { DynamoSealLog } from '../../lambdas/adapters/dynamo/seal-log.ts';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { createS3Client, S3Archive } from '../../lambdas/adapters/s3/archive.ts';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { headAfter, NO_SEAL, type Seal } from '../../lambdas/domain/seal.ts';
import { billed, DAY_MS, NOON_MS, opened, paid, refunded } from '../contract/facts.ts';
import { sealOf } from '../contract/seal-facts.ts';
import { dumpView } from '../engine/dump-view.ts';
import { type Engine, startEngine } from '../engine/start-engine.ts';
import { CREDENTIALS, createTables, rawClient, TABLES } from '../engine/tables.ts';
import { BUCKET, type S3OfTest, startLocalS3 } from '../local-units/s3/local-s3.ts';
import { baseload } from './two-regions.ts';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
type Region = (typeof REGIONS)[number];
export const [EAST, WEST] = REGIONS;
export const payment = paid('us_a', 'b', 500n, NOON_MS + 1);
export const PAID = keyOf(payment);
/** In chains of seals: two of this account's … */
export const A: readonly Fact[] = [
  opened('us_a'),
  billed('us_a', '2026-10', 900n, NOON_MS + 2),
  payment,
  refunded(payment, 1, 200n, NOON_MS + 3),
];
/** … and none of this one's, whose facts are too young. */
export const B: readonly Fact[] = [opened('us_b', NOON_MS + DAY_MS), paid('us_b', 'c', 70n, NOON_MS + DAY_MS + 1)];
export const FACTS = [...A, ...B];
const first = sealOf(A.slice(0, 3));
/** Facts of A, in order; the second has its last one. */
export const SEALS: readonly [Seal, Seal] = [first, sealOf(A.slice(3), headAfter(first))];
export const CHAIN = String(first.bucket).padStart(2, '0');
/** Of another day than the facts: everything that must be in an archive is due. */
const TODAY_MS = NOON_MS + 2 * DAY_MS;

export interface Copies {
  readonly dataDir: string;
  say(...args: readonly string[]): ReturnType<typeof baseload>;
  client(region: Region): DynamoDBClient;
  dynamo(region: Region): Dynamo;
  archive(region: Region): S3Archive;
  /** One bit of the archived object. */
  flipArchived(region: Region, seal: Seal): void;
  /** Where the ledger is, as the command line is told. */
  readonly wiring: Record<string, unknown>;
  flip(region: Region, table: string, fact: Fact): Promise<void>;
  remove(region: Region, table: string, fact: Fact): Promise<void>;
  removeSeal(seal: Seal): Promise<void>;
  putLedgerItem(table: string, fact: Fact): Promise<void>;
  views(): Promise<readonly (readonly string[])[]>;
  ledger(table?: string): Promise<readonly string[]>;
}

export const keyItem = (fact: Fact) => ({ pk: { S: fact.accountId }, sk: { S: keyOf(fact) } });

/** Registers start and stop with jest; the answer may be used inside of tests. */
export const copiesInTwoRegions = (): Copies => {
  let engines: readonly [Engine, Engine];
  let stores: readonly [S3OfTest, S3OfTest];
  let control: Server;
  let dataDir = '';
  const opened: { destroy(): void }[] = [];
  const wiring: Record<string, unknown> = {};
  const opening = <T extends { destroy(): void }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const placeOf = (region: Region): 0 | 1 => (region === EAST ? 0 : 1);
  const clients = new Map<string, DynamoDBClient>();
  const dynamos = new Map<string, Dynamo>();
  const copies: Copies = {
    get dataDir() {
      return dataDir;
    },
    wiring,
    say: (...args) =>
      baseload(
        [...args, '--control', `http://127.0.0.1:${(control.address() as AddressInfo).port}`],
        'yes',
        () => TODAY_MS,
      ),
    client: (region) => clients.get(region) as DynamoDBClient,
    dynamo: (region) => dynamos.get(region) as Dynamo,
    archive: (region) =>
      new S3Archive(
        opening(createS3Client({ region, endpoint: stores[placeOf(region)].url, credentials: CREDENTIALS })),
        BUCKET,
      ),
    flipArchived: (region, { bucket, ordinal }) => {
      if (!stores[placeOf(region)].flipBit(objectKey(bucket, ordinal))) throw new Error('there is no such object');
    },
    flip: async (region, table, fact) => {
      await copies.client(region).send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyItem(fact),
          UpdateExpression: 'SET body = :body',
          ExpressionAttributeValues: { ':body': { S: storeFact(fact).body.replace('USD', 'USC') } },
        }),
      );
    },
    remove: async (region, table, fact) => {
      await copies.client(region).send(new DeleteItemCommand({ TableName: table, Key: keyItem(fact) }));
    },
    removeSeal: async ({ ordinal }) => {
      const Key = { pk: { S: `seal#${CHAIN}` }, sk: { S: String(ordinal).padStart(10, '0') } };
      await copies.client(EAST).send(new DeleteItemCommand({ TableName: TABLES.ledger, Key }));
    },
    putLedgerItem: async (TableName, fact) => {
      await copies.client(EAST).send(new PutItemCommand({ TableName, Item: toItem(storeFact(fact)) }));
    },
    views: () => Promise.all(engines.map(({ endpoint }) => dumpView(endpoint))),
    ledger: (table = TABLES.ledger) => dumpView(engines[0].endpoint, { table }),
  };
  beforeAll(async () => {
    engines = await Promise.all([startEngine(), startEngine()]);
    stores = await Promise.all([startLocalS3(), startLocalS3()]);
    for (const [place, region] of REGIONS.entries()) {
      const { endpoint } = engines[place] as Engine;
      await createTables(endpoint);
      clients.set(region, opening(rawClient(endpoint)));
      dynamos.set(region, opening(new Dynamo({ region, endpoint, credentials: CREDENTIALS })));
    }
    dataDir = mkdtempSync(join(tmpdir(), 'baseload-cli-'));
    mkdirSync(join(dataDir, 'logs'));
    Object.assign(wiring, {
      jurisdiction: 'us',
      dataDir,
      ledgerTable: TABLES.ledger,
      archives: { [EAST]: BUCKET, [WEST]: BUCKET },
      sqs: { [EAST]: '', [WEST]: '' },
      dynamodb: { [EAST]: engines[0].endpoint, [WEST]: engines[1].endpoint },
      s3: { [EAST]: stores[0].url, [WEST]: stores[1].url },
    });
    control = createServer((_request, response) => response.end(JSON.stringify(wiring)));
    await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
    await fill(copies);
  }, 60_000);
  afterAll(async () => {
    control?.close();
    for (const one of opened) one.destroy();
    for (const engine of engines) await engine.stop();
    for (const store of stores) await store.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return copies;
};

const fill = async (copies: Copies): Promise<void> => {
  const ledger = new DynamoEventLog(copies.dynamo(EAST), TABLES.ledger);
  for (const fact of FACTS) await ledger.append(fact);
  const chain = new DynamoSealLog(copies.dynamo(EAST), TABLES.ledger);
  for (const seal of SEALS) await chain.append(seal);
  for (const region of REGIONS) {
    const dynamo = copies.dynamo(region);
    await new DynamoViewStore(dynamo, TABLES.views).apply(FACTS);
    const state = new DynamoRegionState(dynamo, TABLES.regionState);
    for (let key = 0; key < 32; key++) await state.advanceWatermark(region, key, NOON_MS + 36_500 * DAY_MS);
    const archive = copies.archive(region);
    await archive.put({ seal: SEALS[0], facts: A.slice(0, 3) });
    await archive.put({ seal: SEALS[1], facts: A.slice(3) });
    const work = new DynamoSealWork(dynamo, TABLES.sealWork);
    let head: ReturnType<typeof headAfter> = NO_SEAL;
    for (const seal of SEALS) {
      await work.advance(seal.bucket, head, { ...headAfter(seal), windowEndMs: seal.windowEndMs });
      head = headAfter(seal);
    }
  }
};
