import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { toItem } from '../../../lambdas/adapters/dynamo/fact-item.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { MemoryScrubbing } from '../../../lambdas/adapters/memory/scrubbing.ts';
import { type StoredFact, storeFact } from '../../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { ViewUnavailable } from '../../../lambdas/ports/view-store.ts';
import { createProjectFactsHandler } from '../../../lambdas/project-facts/create-project-facts-handler.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { calls, memoryStores, NOON_MS, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let telemetry: RecordingTelemetry;
let facts: readonly Fact[];
let settlements: MemoryQueue;
let suspects: MemoryScrubbing;

/** Facts of two accounts, written by the handlers. */
beforeEach(async () => {
  stores = memoryStores();
  settlements = new MemoryQueue();
  suspects = new MemoryScrubbing();
  telemetry = new RecordingTelemetry();
  const region = testRegion(stores);
  for (const accountId of ['us_a', 'us_b']) {
    await region.call(calls.open(accountId));
    await region.call(calls.pay('p1', 100, {}, accountId));
    await region.call(calls.pay('p2', 50, {}, accountId));
  }
  facts = (await stores.ledger.scan({ limit: 100 })).facts;
});

let sequence = 0;
const record = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', keys: object, image?: object): DynamoDBRecord => {
  sequence += 1;
  const dynamodb = { Keys: keys, SequenceNumber: String(1_000 + sequence), ...(image && { NewImage: image }) };
  return { eventName, dynamodb } as DynamoDBRecord;
};
const factRecord = (fact: Fact, changes: Partial<StoredFact> = {}, eventName: 'INSERT' | 'MODIFY' = 'INSERT') => {
  const item = toItem({ ...storeFact(fact), ...changes });
  return record(eventName, { pk: item.pk, sk: item.sk }, item);
};
const beat = (region: string, index: number, atMs: number) => {
  const keys = { pk: { S: `hb#${region}#${String(index).padStart(2, '0')}` }, sk: { S: 'hb' } };
  return record('MODIFY', keys, { ...keys, at: { N: String(atMs) } });
};
const run = async (records: readonly DynamoDBRecord[]) => {
  const clock = new ManualClock(NOON_MS + 10_000);
  const handler = createProjectFactsHandler({
    suspects,
    region: 'us-east-1',
    ...stores,
    queues: { settlements, notices: new MemoryQueue() },
    clock,
    telemetry,
  });
  const { batchItemFailures } = await handler({ Records: [...records] });
  return batchItemFailures.map(({ itemIdentifier }) =>
    records.findIndex((one) => one.dynamodb?.SequenceNumber === itemIdentifier),
  );
};
const balances = async () =>
  Promise.all(['us_a', 'us_b'].map(async (accountId) => (await stores.views.sums(accountId as never))?.paidMinor));

test('facts come into the view once, however often and in whatever order they are delivered', async () => {
  const records = facts.map((fact) => factRecord(fact));
  expect(await run([...records].reverse())).toEqual([]);
  expect(await run([...records, ...records])).toEqual([]);
  expect(await balances()).toEqual([150n, 150n]);
  expect(telemetry.counts.get('FactsProjected')).toBe(18);
});

test('a seal is nothing for a view; one that is changed or removed was tampered with', async () => {
  const keys = { pk: { S: 'seal#07' }, sk: { S: '0000000001' } };
  expect(await run([record('INSERT', keys, { ...keys, body: { B: 'c2VhbA==' }, sum: { S: 'x' } })])).toEqual([]);
  expect([...telemetry.counts.keys()].filter((name) => name === 'CorruptFact' || name === 'TamperedFact')).toEqual([]);
  await run([record('MODIFY', keys, keys), record('REMOVE', keys)]);
  expect(telemetry.counts.get('TamperedFact')).toBe(2);
});

describe('a corrupt fact', () => {
  test('is named and handed back, the others of its batch are applied', async () => {
    const records = facts.map((fact) => factRecord(fact));
    const forged = factRecord(facts[1]!, { body: storeFact(facts[1]!).body.replace('100', '900') });
    expect(await run([...records.slice(0, 1), forged, ...records.slice(2)])).toEqual([1]);
    expect(await balances()).toEqual([50n, 150n]);
    expect(telemetry.counts.get('CorruptFact')).toBe(1);
    expect(telemetry.lines).toContainEqual({
      level: 'error',
      message: 'corrupt fact in the stream',
      fields: expect.objectContaining({ accountId: 'us_a', factKey: storeFact(facts[1]!).sk }),
    });
  });

  test('one under a foreign key is corrupt too', async () => {
    expect(await run([factRecord(facts[1]!, { pk: 'us_b' })])).toEqual([0]);
    expect(await balances()).toEqual([undefined, undefined]);
  });
});

test('the first of several failures is handed back: Lambda goes on from there', async () => {
  const apply = stores.views.apply.bind(stores.views);
  stores.views.apply = async (given) => {
    if (given[0]?.accountId === 'us_b') throw new ViewUnavailable('throttled');
    return apply(given);
  };
  const records = facts.map((fact) => factRecord(fact));
  expect(await run(records)).toEqual([3]);
  expect(await balances()).toEqual([150n, undefined]);
  expect(telemetry.counts.get('ProjectionFailures')).toBe(3);
});

describe('view and queues do not wait for each other', () => {
  test('facts that the view does not take are dispatched all the same', async () => {
    stores.views.apply = () => Promise.reject(new ViewUnavailable('throttled'));
    expect(await run(facts.map((fact) => factRecord(fact)))).toEqual([0]);
    expect(settlements.sent).toHaveLength(4);
  });

  test('facts that the queue does not take are in the view, the first is handed back, and the watermark moves on', async () => {
    settlements.send = async (messages) => ({ failed: [...messages.keys()] });
    const records = facts.map((fact) => factRecord(fact));
    expect(await run([...records, beat('us-east-1', 3, NOON_MS)])).toEqual([1]);
    expect(await balances()).toEqual([150n, 150n]);
    expect(Object.fromEntries(await stores.regionState.watermarks('us-east-1'))).toEqual({ 3: NOON_MS });
    expect(telemetry.counts.get('DispatchFailures')).toBe(4);
  });
});

test('a fact changed or removed in the ledger is an alarm, not a fact', async () => {
  await run(facts.map((fact) => factRecord(fact)));
  const fact = facts[1]!;
  const gone = record('REMOVE', { pk: { S: fact.accountId }, sk: { S: storeFact(fact).sk } });
  expect(await run([factRecord({ ...fact, occurredAtMs: 1 }, {}, 'MODIFY'), gone])).toEqual([]);
  expect(await balances()).toEqual([150n, 150n]);
  expect(telemetry.counts.get('TamperedFact')).toBe(2);
  expect(await suspects.suspects()).toEqual(['us_a']);
});

describe('a fact that is rewritten in the ledger', () => {
  beforeEach(() => run(facts.map((fact) => factRecord(fact))));

  test('as the view has it was put back: no alarm, nobody is suspected', async () => {
    expect(await run([factRecord(facts[1]!, {}, 'MODIFY')])).toEqual([]);
    expect([telemetry.counts.get('TamperedFact'), await suspects.suspects()]).toEqual([undefined, []]);
    expect(telemetry.lines.at(-1)).toMatchObject({ message: 'a fact was put back', fields: { accountId: 'us_a' } });
  });

  test.each([
    ['another sound fact', () => factRecord({ ...facts[1]!, occurredAtMs: 1 }, {}, 'MODIFY')],
    ['what is no fact', () => factRecord(facts[1]!, { sum: 'x' }, 'MODIFY')],
    ['the fact of another key', () => factRecord(facts[1]!, { sk: storeFact(facts[2]!).sk }, 'MODIFY')],
  ])('as %s is an alarm, and handed to the scrubber', async (_, rewritten) => {
    expect(await run([rewritten()])).toEqual([]);
    expect([telemetry.counts.get('TamperedFact'), await suspects.suspects()]).toEqual([1, ['us_a']]);
  });

  test('while the view cannot say what it was comes again', async () => {
    stores.views.fact = () => Promise.reject(new ViewUnavailable('throttled'));
    expect(await run([factRecord(facts[1]!, {}, 'MODIFY')])).toEqual([0]);
    expect(telemetry.counts.get('TamperedFact')).toBeUndefined();
  });

  test('while the view has none of it is an alarm', async () => {
    stores.views.fact = async () => undefined;
    await run([factRecord(facts[1]!, {}, 'MODIFY')]);
    expect(telemetry.counts.get('TamperedFact')).toBe(1);
  });
});

describe('heartbeats', () => {
  const watermarks = async (region: string) => Object.fromEntries(await stores.regionState.watermarks(region));

  test('move the watermark of their key, never back, and show both lags', async () => {
    expect(
      await run([
        beat('us-east-1', 0, NOON_MS + 9_000),
        beat('us-east-1', 0, NOON_MS + 8_000),
        beat('us-east-1', 31, NOON_MS + 7_000),
        beat('us-west-2', 5, NOON_MS + 6_000),
      ]),
    ).toEqual([]);
    await run([beat('us-east-1', 0, NOON_MS)]);
    expect(await watermarks('us-east-1')).toEqual({ 0: NOON_MS + 9_000, 31: NOON_MS + 7_000 });
    expect(await watermarks('us-west-2')).toEqual({ 5: NOON_MS + 6_000 });
    expect(telemetry.durations.get('ProjectionLagMs')).toEqual([3_000, 10_000]);
    expect(telemetry.durations.get('ReplicationLagMs')).toEqual([4_000]);
  });

  test('a read cursor in the wrong unit: an epoch in seconds is not taken for a fresh heartbeat', async () => {
    await run([beat('us-east-1', 0, Math.floor(NOON_MS / 1_000))]);
    expect(telemetry.durations.get('ProjectionLagMs')?.[0]).toBeGreaterThan(1_000_000_000_000);
  });

  test('a watermark does not pass a fact that failed: it says that all before it is in the view', async () => {
    const forged = factRecord(facts[1]!, { sum: 'x' });
    expect(await run([beat('us-east-1', 0, NOON_MS), forged, beat('us-east-1', 1, NOON_MS)])).toEqual([1]);
    expect(await watermarks('us-east-1')).toEqual({ 0: NOON_MS });
  });

  test('a watermark that cannot be recorded comes again', async () => {
    stores.regionState.advanceWatermark = () => Promise.reject(new Error('throttled'));
    expect(await run([factRecord(facts[0]!), beat('us-east-1', 0, NOON_MS)])).toEqual([1]);
  });

  test('one that was removed by hand is nothing', async () => {
    expect(await run([record('REMOVE', { pk: { S: 'hb#us-east-1#00' }, sk: { S: 'hb' } })])).toEqual([]);
    expect(await watermarks('us-east-1')).toEqual({});
  });
});
