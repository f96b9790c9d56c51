import { beforeEach, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { MemoryScrubbing } from '../../../lambdas/adapters/memory/scrubbing.ts';
import { RegionStateUnavailable } from '../../../lambdas/ports/region-state.ts';
import { createProjectFactsHandler } from '../../../lambdas/project-facts/create-project-facts-handler.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { memoryStores, NOON_MS } from '../harness/region.ts';

const HOUR_MS = 3_600_000;
let stores: ReturnType<typeof memoryStores>;
let telemetry: RecordingTelemetry;
let order: string[];
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock(NOON_MS);
  stores = memoryStores();
  telemetry = new RecordingTelemetry();
  order = [];
});

const beat = (region: string, index: number, atMs: number): DynamoDBRecord => {
  const Keys = { pk: { S: `hb#${region}#${String(index).padStart(2, '0')}` }, sk: { S: 'hb' } };
  const dynamodb = { Keys, NewImage: { ...Keys, at: { N: String(atMs) } }, SequenceNumber: `${index}` };
  return { eventName: 'MODIFY', dynamodb } as DynamoDBRecord;
};
const worker = () => {
  const { regionState, rehydrations } = stores;
  return createProjectFactsHandler({
    suspects: new MemoryScrubbing(),
    ...stores,
    region: 'us-east-1',
    queues: { settlements: new MemoryQueue(), notices: new MemoryQueue() },
    regionState: {
      watermarks: (of) => {
        order.push('read');
        return regionState.watermarks(of);
      },
      advanceWatermark: (...given) => {
        order.push('advance');
        return regionState.advanceWatermark(...given);
      },
    },
    rehydrations: {
      read: () => rehydrations.read(),
      begin: (...given) => {
        order.push('mark');
        return rehydrations.begin(...given);
      },
    },
    clock,
    telemetry,
  });
};
/** What comes through the stream at `nowMs`: beats of this Region, unless another is named, each a second old. */
const consume = async (nowMs: number, keys: readonly number[], region = 'us-east-1', handler = worker()) => {
  clock.currentMs = nowMs;
  return handler({ Records: keys.map((key) => beat(region, key, nowMs - 1_000)) });
};
const run = () => stores.rehydrations.read();

test('a Region away for longer than its stream reaches marks its view before the watermark looks fresh again', async () => {
  await consume(NOON_MS, [0, 1]);
  expect(await run()).toBeUndefined();
  order = [];
  await consume(NOON_MS + 7 * HOUR_MS, [0, 1]);
  expect(order).toEqual(['read', 'mark', 'advance', 'advance']);
  expect(await run()).toMatchObject({
    state: 'rehydrating',
    reason: 'stream-gap',
    startedAtMs: NOON_MS + 7 * HOUR_MS,
  });
  expect(telemetry.counts.get('StreamGaps')).toBe(1);
});

test.each([
  ['5 h 58 min: every record was still handed over', 6 * HOUR_MS - 120_000, undefined],
  ['5 h 59 min and 2 s: within the margin', 6 * HOUR_MS - 58_000, 'rehydrating'],
])('away for %s', async (_, awayMs, state) => {
  await consume(NOON_MS + 1_000, [0]);
  await consume(NOON_MS + awayMs, [0]);
  expect((await run())?.state).toBe(state);
});

test('one shard that stood still is enough', async () => {
  await consume(NOON_MS, [0, 1]);
  for (let hour = 1; hour < 8; hour++) await consume(NOON_MS + hour * HOUR_MS, [0]);
  expect(await run()).toBeUndefined();
  await consume(NOON_MS + 8 * HOUR_MS, [1]);
  expect((await run())?.state).toBe('rehydrating');
});

test('the keys of the other shards, met a little later, do not begin the run again', async () => {
  await consume(NOON_MS, [0, 1]);
  await consume(NOON_MS + 25 * HOUR_MS, [0]);
  await consume(NOON_MS + 25 * HOUR_MS + 4_000, [1]);
  expect((await run())?.startedAtMs).toBe(NOON_MS + 25 * HOUR_MS);
});

test('a Region that goes away again during its rebuild begins anew', async () => {
  await consume(NOON_MS, [0]);
  await consume(NOON_MS + 7 * HOUR_MS, [0]);
  await consume(NOON_MS + 14 * HOUR_MS, [0]);
  expect((await run())?.startedAtMs).toBe(NOON_MS + 14 * HOUR_MS);
});

test('the silence of the peer is no gap of this Region, and neither are the first beats there ever were', async () => {
  await consume(NOON_MS, [0], 'us-west-2');
  await consume(NOON_MS + 30 * HOUR_MS, [0], 'us-west-2');
  await consume(NOON_MS + 30 * HOUR_MS, [0, 1, 2]);
  expect(await run()).toBeUndefined();
});

test.each([
  ['stood still for seven hours', 7 * HOUR_MS, 'rehydrating'],
  ['was met in time', 5 * HOUR_MS, 'current'],
])('the first beats of a Region whose view was found whole, and whose stream then %s', async (_, awayMs, state) => {
  await stores.rehydrations.declareCurrent(NOON_MS, 0);
  await consume(NOON_MS + awayMs, [0, 1]);
  expect((await run())?.state).toBe(state);
});

test('while the mark cannot be written no watermark of the Region moves', async () => {
  await consume(NOON_MS, [0]);
  stores.rehydrations.begin = () => Promise.reject(new RegionStateUnavailable('throttled'));
  const { batchItemFailures } = await consume(NOON_MS + 7 * HOUR_MS, [0]);
  expect(batchItemFailures).toEqual([{ itemIdentifier: '0' }]);
  expect(await stores.regionState.watermarks('us-east-1')).toEqual(new Map([[0, NOON_MS - 1_000]]));
});

test('a worker reads the watermarks when it has not seen a key yet, and then once in what the stream reaches back', async () => {
  const handler = worker();
  const reads = () => order.filter((step) => step === 'read').length;
  const batches = async (fromMs: number, untilMs: number) => {
    for (let nowMs = fromMs; nowMs < untilMs; nowMs += 600_000) await consume(nowMs, [0, 1], 'us-east-1', handler);
  };
  await consume(NOON_MS, [0, 1], 'us-east-1', handler);
  await consume(NOON_MS + 2_000, [0, 1], 'us-east-1', handler);
  expect(reads()).toBe(2);
  await batches(NOON_MS + 600_000, NOON_MS + 6 * HOUR_MS);
  expect(reads()).toBe(2);
  await batches(NOON_MS + 6 * HOUR_MS, NOON_MS + 11 * HOUR_MS);
  expect(reads()).toBe(3);
  expect(await run()).toBeUndefined();
});

test('a worker that stood still itself sees the gap all the same, and the next one too', async () => {
  const handler = worker();
  for (const atMs of [0, 2_000, 7 * HOUR_MS]) await consume(NOON_MS + atMs, [0], 'us-east-1', handler);
  expect((await run())?.startedAtMs).toBe(NOON_MS + 7 * HOUR_MS);
  for (const atMs of [2_000, 7 * HOUR_MS]) await consume(NOON_MS + 7 * HOUR_MS + atMs, [0], 'us-east-1', handler);
  expect((await run())?.startedAtMs).toBe(NOON_MS + 14 * HOUR_MS);
});
