import { beforeEach, expect, test } from '@jest/globals';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { OPEN_WORK_SHARDS } from '../../../lambdas/ports/open-work.ts';
import { ViewUnavailable } from '../../../lambdas/ports/view-store.ts';
import { decodeSettlement } from '../../../lambdas/shared/messages.ts';
import { createSweepHandler } from '../../../lambdas/sweep/create-sweep-handler.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { calls, memoryStores, NOON_MS, testRegion } from '../harness/region.ts';

const MINUTE_MS = 60_000;
let stores: ReturnType<typeof memoryStores>;
let settlements: MemoryQueue;
let telemetry: RecordingTelemetry;
let paid: string[];

/** Three payments accepted at noon, one of them given up before anybody charged it. */
beforeEach(async () => {
  stores = memoryStores();
  settlements = new MemoryQueue();
  telemetry = new RecordingTelemetry();
  const region = testRegion(stores);
  paid = [];
  await region.call(calls.open());
  for (const key of ['p1', 'p2', 'p3']) {
    const { body } = await region.call(calls.pay(key, 100));
    paid.push(`p#${body.paymentId}`);
    if (key === 'p3') await region.call(calls.refund('r1', body.paymentId, 100));
  }
  await region.project();
});
const sweepAt = (nowMs: number) =>
  createSweepHandler({
    openWork: stores.views,
    views: stores.views,
    settlements,
    clock: new ManualClock(nowMs),
    telemetry,
  })();
const swept = () => settlements.sent.map(({ body }) => decodeSettlement(body)?.stream).sort();

test('what is younger than ten minutes is on a queue already', async () => {
  expect(await sweepAt(NOON_MS + 9 * MINUTE_MS)).toEqual({ looked: 2, enqueued: 0 });
  expect(settlements.sent).toEqual([]);
});

test('what is older is enqueued once a sweep; what was given up before its charge is not open', async () => {
  expect(await sweepAt(NOON_MS + 11 * MINUTE_MS)).toEqual({ looked: 2, enqueued: 2 });
  expect(swept()).toEqual(paid.slice(0, 2).sort());
  for (const { body } of settlements.sent) expect(decodeSettlement(body)).toMatchObject({ isSwept: true });
  expect(telemetry.counts.get('WorkSwept')).toBe(2);
});

test('a view that cannot be read fails the sweep, after every other shard was done', async () => {
  const open = stores.views.open.bind(stores.views);
  const asked: number[] = [];
  stores.views.open = async (shard, page) => {
    asked.push(shard);
    if (asked.length === 1) throw new ViewUnavailable('throttled');
    return open(shard, page);
  };
  await expect(sweepAt(NOON_MS + 11 * MINUTE_MS)).rejects.toThrow(/^1 shard\(s\) or message\(s\) failed, /);
  expect(asked.sort((a, b) => a - b)).toEqual(Array.from({ length: OPEN_WORK_SHARDS }, (_, shard) => shard));
});

test('a message that the queue does not take fails the sweep: the next one finds the payment again', async () => {
  settlements.send = async (messages) => ({ failed: [...messages.keys()] });
  await expect(sweepAt(NOON_MS + 11 * MINUTE_MS)).rejects.toThrow(
    '2 shard(s) or message(s) failed, 0 payment(s) were enqueued',
  );
});
