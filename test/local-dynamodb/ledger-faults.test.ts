import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import {
  clientOf,
  EAST,
  eventually,
  LEDGER,
  putNew,
  type RunningLedger,
  readShards,
  refusalOf,
  sortKeysOf,
  WEST,
} from './ledger-fixture.ts';
import { ledgerOfThisFile } from './ledger-of-this-file.ts';

const running = ledgerOfThisFile();

const read = async (client: RunningLedger['east'], pk: string, ConsistentRead: boolean): Promise<string | undefined> =>
  (
    await client.send(
      new GetItemCommand({ TableName: LEDGER, Key: { pk: { S: pk }, sk: { S: 'p#1#000' } }, ConsistentRead }),
    )
  ).Item?.body?.S;

const CONFLICT = {
  name: 'ReplicatedWriteConflictException',
  message:
    'The request was rejected because one or more items in the request are being modified by a request in another Region.',
  status: 400,
};

test('of two Regions writing one item at once, one succeeds and the other is in conflict', async () => {
  // A write is on its way for some 50 ms. On a busy machine the second may come too late to meet it, or first: tried until they meet.
  let loser = '';
  for (let n = 0; n < 50 && loser !== 'ReplicatedWriteConflictException'; n++) {
    const pk = `us_race_${n}`;
    const west = putNew(running.west, pk, 'p#1#000', 'west');
    await new Promise((resolve) => setTimeout(resolve, 15));
    const outcomes = await Promise.allSettled([west, putNew(running.east, pk, 'p#1#000', 'east')]);
    const winner = outcomes[0].status === 'fulfilled' ? 'west' : 'east';
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).name] : []));
    expect(refusals).toHaveLength(1);
    loser = refusals[0] ?? '';
    expect(['ReplicatedWriteConflictException', 'ConditionalCheckFailedException']).toContain(loser);
    expect(await read(running.east, pk, true)).toBe(winner);
  }
  expect(loser).toBe('ReplicatedWriteConflictException');
});

test('one Region writing one item fifty times at once is in no conflict: one succeeds', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) => putNew(running.east, 'us_fifty', 'p#1#000', String(n))),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as Error).name] : [],
  );
  expect(new Set(refusals)).toEqual(new Set(['ConditionalCheckFailedException']));
});

test('write-conflict: as many writes as asked for, then none; the SDK retries it', async () => {
  await running.fault({ kind: 'write-conflict', region: EAST, count: 2 });
  expect(await refusalOf(putNew(running.east, 'us_conflict', 'p#1#000'))).toEqual(CONFLICT);
  const retrying = clientOf(running.ledger.gatewayUrls[EAST] ?? '', EAST, 4);
  await putNew(retrying, 'us_conflict', 'p#1#000', 'at last');
  retrying.destroy();
  expect(await read(running.west, 'us_conflict', true)).toBe('at last');
});

test('lost-answer: the write is committed and the connection dropped', async () => {
  await running.fault({ kind: 'lost-answer', region: EAST, count: 1 });
  expect((await refusalOf(putNew(running.east, 'us_lost', 'p#1#000', 'kept'))).message).toMatch(
    /socket hang up|ECONNRESET/,
  );
  expect(await read(running.west, 'us_lost', true)).toBe('kept');
  expect((await refusalOf(putNew(running.east, 'us_lost', 'p#1#000'))).name).toBe('ConditionalCheckFailedException');
});

test('lost-answer limited to a sort key leaves heartbeats alone', async () => {
  await running.fault({ kind: 'lost-answer', region: EAST, count: 1, sortKeyPrefix: 'p#' });
  await putNew(running.east, 'hb#us-east-1#00', 'hb');
  expect((await refusalOf(putNew(running.east, 'us_lost_2', 'p#1#000'))).message).toMatch(/socket hang up|ECONNRESET/);
});

test('a fault on first facts of streams leaves what workers write later in them alone', async () => {
  await running.fault({
    kind: 'write-conflict',
    region: EAST,
    count: 1,
    sortKeyPrefix: 'p#',
    sortKeySuffix: '#000',
  });
  await putNew(running.east, 'us_first', 'p#1#001');
  await putNew(running.east, 'us_first', 'b#2026-10#000');
  expect(await refusalOf(putNew(running.east, 'us_first', 'p#1#000'))).toEqual(CONFLICT);
});

test('a count of 0 takes back what is left', async () => {
  await running.fault({ kind: 'write-conflict', region: WEST, count: 5 });
  await running.fault({ kind: 'write-conflict', region: WEST, count: 0 });
  await putNew(running.west, 'us_taken_back', 'p#1#000');
});

test('throttle: refused as on-demand capacity refuses, for reads too', async () => {
  await running.fault({ kind: 'throttle', region: WEST, count: 2 });
  expect(await refusalOf(putNew(running.west, 'us_throttle', 'p#1#000'))).toMatchObject({
    name: 'ThrottlingException',
    message: expect.stringMatching(/^Throughput exceeds the current capacity of your table or index\./),
    status: 400,
  });
  expect((await refusalOf(read(running.west, 'us_throttle', true))).name).toBe('ThrottlingException');
  expect(await read(running.west, 'us_throttle', true)).toBeUndefined();
});

test('silent: never answered, nothing written', async () => {
  await running.fault({ kind: 'silent', region: EAST, count: 1 });
  const aborter = new AbortController();
  const waiting = running.east
    .send(new GetItemCommand({ TableName: LEDGER, Key: { pk: { S: 'us_silent' }, sk: { S: 'p#1#000' } } }), {
      abortSignal: aborter.signal,
    })
    .catch((error: Error) => error.name);
  const answered = await Promise.race([
    waiting,
    new Promise((resolve) => setTimeout(() => resolve('still waiting'), 300)),
  ]);
  expect(answered).toBe('still waiting');
  aborter.abort();
  expect(await waiting).toBe('AbortError');
});

test('slow: answered as ever, so much later', async () => {
  await running.fault({ kind: 'slow', region: EAST, count: 1, delayMs: 400 });
  const startedMs = performance.now();
  await putNew(running.east, 'us_slow', 'p#1#000', 'late');
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(400);
  expect(await read(running.east, 'us_slow', true)).toBe('late');
});

const westStream = async (pk: string): Promise<string[]> =>
  sortKeysOf((await readShards(running, WEST)).flat().filter((record) => record.dynamodb?.Keys?.pk?.S === pk));

test('witness-only: hidden from the other Region until a write there asks the quorum', async () => {
  await running.fault({ kind: 'witness-only', region: EAST, count: 1, sortKeyPrefix: 'p#' });
  await putNew(running.east, 'us_witness', 'p#1#000', 'held');
  await running.change(EAST, 'down');
  await putNew(running.west, 'us_other', 'p#1#000');
  await eventually('the west has the other one', async () => (await westStream('us_other')).length === 1);
  expect(await read(running.west, 'us_witness', false)).toBeUndefined();
  expect(await westStream('us_witness')).toEqual([]);

  const retry = putNew(running.west, 'us_witness', 'p#1#000', 'again').catch((error: unknown) => error);
  expect(await retry).toMatchObject({ name: 'ConditionalCheckFailedException', Item: { body: { S: 'held' } } });
  await eventually('the west streams it now', async () => (await westStream('us_witness')).length === 1);
  await running.change(EAST, 'up');
  await eventually('the east is back', async () => (await running.state()).regions[EAST]?.caughtUp === true);
});

test('witness-only: arrives when its Region is back', async () => {
  await running.fault({ kind: 'witness-only', region: EAST, count: 1, sortKeyPrefix: 'p#' });
  await putNew(running.east, 'us_witness_2', 'p#1#000', 'held');
  await running.change(EAST, 'down');
  await running.change(EAST, 'up');
  await eventually('the west streams it', async () => (await westStream('us_witness_2')).length === 1);
});
