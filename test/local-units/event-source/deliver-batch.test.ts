import { beforeEach, expect, test } from '@jest/globals';
import { DeliveryFaults } from '../../../local/delivery-faults.ts';
import { deliverBatch } from '../../../local/event-source/deliver-batch.ts';
import type { StreamRecord } from '../../../local/event-source/records.ts';
import { streamSource } from './stream-source.ts';

let faults: DeliveryFaults;
let batches: string[] = [];
let progress: string[] = [];
let discarded: number[] = [];
let nowMs = 0;
let pauses = 0;

beforeEach(() => {
  faults = new DeliveryFaults('test');
  [batches, progress, discarded, nowMs, pauses] = [[], [], [], 0, 0];
});

/** Items by letter: `a1` is the first record of item `a`. */
const record = (name: string, index: number): StreamRecord => ({
  eventID: name,
  dynamodb: {
    Keys: { pk: { S: 'us_a' }, sk: { S: name.slice(0, 1) } },
    SequenceNumber: String(index + 1),
    NewImage: { name: { S: name } },
  },
});

const deliver = (names: readonly string[], onPause: () => void = () => undefined) =>
  deliverBatch(names.map(record), {
    plan: streamSource(),
    invoke: async (event) => {
      const { Records } = JSON.parse(event) as { Records: { eventID: string }[] };
      batches.push(Records.map(({ eventID }) => eventID).join(' '));
      return { kind: 'returned', requestId: 'r', payload: '{"batchItemFailures":[]}' };
    },
    onProgress: (sequenceNumber) => progress.push(sequenceNumber),
    onDiscard: ({ records }) => discarded.push(records.length),
    nowMs: () => nowMs,
    pause: async (ms) => {
      nowMs += ms;
      pauses += 1;
      onPause();
    },
    stopped: () => false,
    faults,
  });

test('a duplicate comes twice, and the shard goes on behind it once', async () => {
  faults.add({ kind: 'duplicate', count: 1 });
  await deliver(['a1', 'b1']);
  await deliver(['c1']);
  expect(batches).toEqual(['a1 b1', 'a1 b1', 'c1']);
  expect(progress).toEqual(['2', '1']);
});

test('reordered, the records of each item keep their order, and every run draws the same', async () => {
  const names = ['a1', 'b1', 'a2', 'c1', 'b2', 'a3', 'c2', 'd1'];
  faults.add({ kind: 'reorder', count: 1 });
  await deliver(names);
  faults = new DeliveryFaults('test');
  faults.add({ kind: 'reorder', count: 1 });
  await deliver(names);
  const [drawn = '', again = ''] = batches;
  expect(drawn).not.toBe(names.join(' '));
  expect(again).toBe(drawn);
  for (const item of 'abcd') {
    const of = (list: readonly string[]) => list.filter((name) => name.startsWith(item));
    expect(of(drawn.split(' '))).toEqual(of(names));
  }
  expect(progress).toEqual(['8', '8']);
});

test('a lost batch goes to the failure destination untried, and only one with such a record', async () => {
  faults.add({ kind: 'lose-to-dlq', count: 1, sortKeyPrefix: 'p' });
  await deliver(['a1', 'b1']);
  await deliver(['a1', 'p1']);
  await deliver(['p1']);
  expect([batches, discarded, progress]).toEqual([['a1 b1', 'p1'], [2], ['2', '2', '1']]);
});

test('a delay lasts as long by the clock, or until it is taken back', async () => {
  faults.add({ kind: 'delay', count: 2, delaySeconds: 60 });
  await deliver(['a1']);
  expect([nowMs, batches]).toEqual([60_000, ['a1']]);
  pauses = 0;
  await deliver(['b1'], () => faults.add({ kind: 'delay', count: 0 }));
  expect([pauses, batches]).toEqual([1, ['a1', 'b1']]);
});
