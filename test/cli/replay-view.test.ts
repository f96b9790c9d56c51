// Owns the proof of what `replay view` shows, asks and waits for, against a Region's own tables.
// Leaves to test/lambdas/rehydrate-view the rebuild and to test/proofs/rehydrate.test.ts the running Region.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { NOON_MS, opened } from '../contract/facts.ts';
import { onDynamo } from '../contract/on-dynamo.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { baseload } from './two-regions.ts';

const on = onDynamo();
const DONE = { from: { kind: 'start' }, to: { kind: 'done' }, applied: 1, corrupt: 0 } as const;
let control: Server;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-cli-'));
  mkdirSync(join(dataDir, 'logs'));
  const wiring = {
    jurisdiction: 'us',
    dataDir,
    sqs: { 'us-east-1': '' },
    dynamodb: { 'us-east-1': on.engine.endpoint },
    ledgerTable: TABLES.ledger,
  };
  control = createServer((_request, response) => response.end(JSON.stringify(wiring)));
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const ledger = new DynamoEventLog(on.dynamo, TABLES.ledger);
  for (const accountId of ['us_a', 'us_b', 'us_c', 'us_d']) await ledger.append(opened(accountId));
});
afterAll(() => {
  control.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  const client = rawClient(on.engine.endpoint);
  await client.send(new DeleteItemCommand({ TableName: TABLES.regionState, Key: { pk: { S: 'rehydration' } } }));
  client.destroy();
});

const rows = () => new DynamoRehydrations(on.dynamo, TABLES.regionState);
const replayView = (...args: readonly string[]) =>
  baseload([
    'replay',
    'view',
    '--region',
    'us-east-1',
    '--control',
    `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    ...args,
  ]);
/** What the Region's function does, as soon as a run has begun. */
const rebuildSoon = async (): Promise<void> => {
  for (;;) {
    const run = await rows().read();
    if (run?.state !== 'rehydrating') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    for (const segment of [0, 1, 2, 3]) await rows().advance(run, segment, DONE);
    return rows().finish(run);
  }
};

test('a dry run shows the state and asks for nothing', async () => {
  await rows().declareCurrent(NOON_MS, 4);
  expect(await replayView('--dry-run')).toEqual({
    code: 0,
    printed: ['us-east-1  the view is current; 4 facts were read at the last look', 'dry run: nothing was asked for'],
    noted: [],
    asked: [],
  });
  expect((await rows().read())?.state).toBe('current');
});

test('asked for and agreed to, it waits until the view is whole, with an audit line', async () => {
  await rows().declareCurrent(NOON_MS, 4);
  const [{ code, printed, noted, asked }] = await Promise.all([replayView(), rebuildSoon()]);
  expect(asked).toEqual([
    'Rebuild the view of us-east-1 from about 4 items? Until it is done, lookups there read the ledger.',
  ]);
  expect([code, printed.at(-1)]).toEqual([0, 'us-east-1  the view is current; 4 facts were read at the last look']);
  expect(noted.map((line) => JSON.parse(line))).toMatchObject([
    { audit: 'replay view', region: 'us-east-1', items: 4 },
  ]);
  expect(readFileSync(join(dataDir, 'logs', 'audit.jsonl'), 'utf8')).toContain('"audit":"replay view"');
  expect((await rows().read())?.reason).toBe('asked');
});

test('one under way is watched, not begun again', async () => {
  await rows().begin('stream-gap', NOON_MS, 'none');
  await rows().advance({ startedAtMs: NOON_MS }, 0, { ...DONE, corrupt: 1 });
  await rows().advance({ startedAtMs: NOON_MS }, 1, DONE);
  const finish = async (): Promise<void> => {
    for (const segment of [2, 3]) await rows().advance({ startedAtMs: NOON_MS }, segment, DONE);
    await rows().finish({ startedAtMs: NOON_MS });
  };
  const watching = replayView('--watch');
  setTimeout(() => void finish(), 300);
  expect(await watching).toEqual({
    code: 0,
    printed: [
      'us-east-1  the view is rebuilt since 2026-10-15T12:00:00.000Z because records may have left its stream unread: 2 of about 4 facts; 1 corrupt ones were left out',
      'us-east-1  the view is current; 4 facts were read at the last look; 1 corrupt ones were left out',
    ],
    noted: [],
    asked: [],
  });
});

test('an unknown Region is a wrong command line', async () => {
  const { code, noted } = await baseload([
    'replay',
    'view',
    '--region',
    'mars-north-1',
    '--control',
    `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
  ]);
  expect([code, noted]).toEqual([2, ['baseload: Region mars-north-1 is not there: name one of us-east-1']]);
});
