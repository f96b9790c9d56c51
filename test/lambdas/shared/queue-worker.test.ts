// Owns the proof that an outage burns no message of any queue, and that what never works ends all the same.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { CorruptFact } from '../../../lambdas/ports/event-log.ts';
import { ReadingsUnavailable } from '../../../lambdas/ports/readings.ts';
import { type Breaker, createBreaker, DownstreamPaused, guarded } from '../../../lambdas/shared/breaker.ts';
import { createQueueWorker } from '../../../lambdas/shared/queue-worker.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEvent, sqsEventAt } from '../harness/sqs-event.ts';

const SENT_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
let queue: MemoryQueue;
let clock: ManualClock;
let telemetry: RecordingTelemetry;
let breaker: Breaker;
let underWay: number;
let mostUnderWay: number;
let asked: string[];
let answer: () => Promise<void>;

const away = () => Promise.reject(new ReadingsUnavailable('away'));
const text = (n: number) => `{"n":${n}}`;

const worker = (atOnce = 1) => {
  const downstream = guarded(
    {
      store: async (body: string) => {
        asked.push(body);
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        try {
          await answer();
        } finally {
          underWay--;
        }
      },
    },
    breaker,
  );
  return createQueueWorker(
    { queue, breakers: [breaker], clock, random: () => 0.5, telemetry },
    {
      policy: { atOnce, waitBaseSeconds: 10, waitCapSeconds: 60, giveUpAfterMs: HOUR_MS },
      decode: (body) => (body === '{}' ? undefined : body),
      work: (body) => downstream.store(body),
      describe: () => ({}),
    },
  );
};

beforeEach(() => {
  queue = new MemoryQueue();
  clock = new ManualClock(SENT_MS + 1_000);
  telemetry = new RecordingTelemetry();
  breaker = createBreaker('readings', {
    clock,
    telemetry,
    policy: { consecutiveFailures: 2, halfOpenAfterMs: 60_000 },
  });
  underWay = 0;
  mostUnderWay = 0;
  asked = [];
  answer = async () => undefined;
});

describe('while something the work needs is away', () => {
  test('every message becomes a delayed copy, and an open breaker keeps the rest from being begun', async () => {
    answer = away;
    expect(await worker()(sqsEventAt(SENT_MS, text(0), text(1), text(2), text(3)))).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([text(0), text(1)]);
    expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([5, 5, 5, 5]);
    expect(telemetry.breakersOpened).toEqual(['readings']);
    expect(telemetry.counts.get('WorkPostponed')).toBe(4);
    expect(telemetry.counts.has('WorkFailures')).toBe(false);
  });

  test('a copy keeps whose it is and since when, and waits longer each time up to the cap', async () => {
    answer = away;
    const handle = worker();
    await handle(sqsEventAt(SENT_MS, text(7)));
    for (let copy = 0; copy < 4; copy++) {
      clock.currentMs += 120_000;
      await handle(sqsEventAt(clock.currentMs, queue.sent.at(-1)?.body ?? ''));
    }
    expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([5, 10, 20, 30, 30]);
    expect(JSON.parse(queue.sent.at(-1)?.body ?? '')).toEqual({
      n: 7,
      waited: { messageId: 'message-0', sinceMs: 1_790_000_000_000, times: 5 },
    });
  });

  test('what has waited for too long fails, though its copy is young', async () => {
    answer = away;
    const waited = { messageId: 'first', sinceMs: SENT_MS, times: 99 };
    clock.currentMs = SENT_MS + HOUR_MS + 1;
    const { batchItemFailures } = await worker()(sqsEventAt(clock.currentMs, JSON.stringify({ n: 1, waited })));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(queue.sent).toEqual([]);
  });

  test('a message whose copy the queue did not take stays', async () => {
    answer = away;
    queue.send = async () => ({ failed: [1] });
    const { batchItemFailures } = await worker()(sqsEventAt(SENT_MS, text(0), text(1), text(2)));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
    expect(telemetry.counts.get('WorkPostponed')).toBe(2);
  });
});

describe('a message by itself', () => {
  test('that nobody wrote, or that no retry makes right, fails and does not hold up those behind it', async () => {
    answer = () => (asked.at(-1) === text(1) ? Promise.reject(new Error('no such meter')) : Promise.resolve());
    const { batchItemFailures } = await worker()(sqsEvent('{}', text(0), text(1), text(2)));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-2' }]);
    expect(asked).toEqual([text(0), text(1), text(2)]);
    expect(telemetry.text).toContain('a message that no sender wrote');
    expect(telemetry.breakersOpened).toEqual([]);
  });

  test('that meets a corrupt fact fails, and the fact is counted', async () => {
    answer = () => Promise.reject(new CorruptFact('us_1', 'p#pay_a#000', 'checksum'));
    const { batchItemFailures } = await worker()(sqsEvent(text(0)));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(telemetry.counts.get('CorruptFact')).toBe(1);
  });

  test.each([1, 3])('never meets more than %i others at the downstream', async (atOnce) => {
    answer = () => new Promise((resolve) => setImmediate(resolve));
    await worker(atOnce)(sqsEvent(...Array.from({ length: 10 }, (_, n) => text(n))));
    expect(asked).toHaveLength(10);
    expect(mostUnderWay).toBe(atOnce);
  });
});

test('an open breaker says whose it is', async () => {
  answer = away;
  await worker()(sqsEventAt(SENT_MS, text(0), text(1)));
  expect(breaker.isPaused()).toBe(true);
  await expect(breaker.execute(async () => 1)).rejects.toEqual(new DownstreamPaused('readings'));
  clock.currentMs += 60_000;
  expect(breaker.isPaused()).toBe(false);
});
