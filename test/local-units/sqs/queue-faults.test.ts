import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { QueuePlan } from '../../../local/assembly/plan.ts';
import { MovableClock } from '../../../local/movable-clock.ts';
import type { LocalQueue } from '../../../local/sqs/queue.ts';
import { Queues } from '../../../local/sqs/queues.ts';

const plan = (name: string): QueuePlan => ({
  name,
  arn: `arn:aws:sqs:us-east-1:1:${name}`,
  slug: 'work',
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  receiveWaitSeconds: 0,
});

let dataDir = '';
let clock: MovableClock;
let queues: Queues;
let queue: LocalQueue;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-queue-'));
  clock = new MovableClock(() => 1_000);
  const redrive = { deadLetterArn: plan('work-dlq').arn, maxReceiveCount: 5 };
  queues = new Queues(dataDir, [plan('work-dlq'), { ...plan('work'), redrive }], clock.nowMs);
  clock.onMove(() => queues.wake());
  queue = queues.withSlug('work') as LocalQueue;
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const send = (...bodies: readonly string[]) => {
  for (const body of bodies) queue.send(body);
};
const receive = (limit = 10) => queue.receive({ limit });
const bodies = () => receive().map(({ body }) => body);

test('the queue of a slug is the one that is worked, not its DLQ', () => {
  expect(queue.plan.name).toBe('work');
  expect(queues.withSlug('letters')).toBeUndefined();
});

describe('ordered to go wrong', () => {
  test('a duplicate is seen a second time at once, and counts its receives', () => {
    queue.faults.add({ kind: 'duplicate', count: 1 });
    send('a', 'b');
    const [first] = receive();
    const [again, none] = receive();
    expect([first?.body, again?.body, again?.receiveCount, none]).toEqual(['a', 'a', 2, undefined]);
    queue.delete(again?.receiptHandle ?? '');
    expect(queue.state()).toMatchObject({ visible: 0, inFlight: 1 });
  });

  test('reordered, all of them come, in the same other order in every run', () => {
    const sent = [...'abcdefgh'];
    queue.faults.add({ kind: 'reorder', count: 8 });
    send(...sent);
    const drawn = bodies();
    expect(drawn).not.toEqual(sent);
    expect([...drawn].sort()).toEqual(sent);
    expect(drawn.join('')).toBe('ghdfebac');
  });

  test('a delay is added to the one that was asked for', () => {
    queue.faults.add({ kind: 'delay', count: 1, delaySeconds: 100 });
    queue.send('late', 20);
    send('now');
    expect(bodies()).toEqual(['now']);
    expect(queue.state()).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 });
    clock.moveTo(119_999);
    expect(bodies()).toEqual(['now']);
    clock.moveTo(120_000);
    expect(bodies()).toEqual(['late']);
  });

  test('a lost one is in the DLQ without a try', () => {
    queue.faults.add({ kind: 'lose-to-dlq', count: 1 });
    send('a', 'b');
    expect(bodies()).toEqual(['b']);
    expect(queue.state()).toMatchObject({ dlq: 1 });
  });

  test('a count of 0 takes back what is left of that kind', () => {
    queue.faults.add({ kind: 'lose-to-dlq', count: 5 });
    queue.faults.add({ kind: 'duplicate', count: 1 });
    queue.faults.add({ kind: 'lose-to-dlq', count: 0 });
    send('a');
    expect([bodies(), bodies(), bodies()]).toEqual([['a'], ['a'], []]);
  });
});

test('a long poll sees at once what a jump of the clock makes visible', async () => {
  queue.send('tomorrow', 600);
  const waiting = queue.receiveWaiting({ limit: 10 }, 20_000, new AbortController().signal);
  clock.moveTo(600_000);
  expect((await waiting).map(({ body }) => body)).toEqual(['tomorrow']);
});
