// Owns the proof that a queue source hands messages over in batches, deletes what is done and nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import type { QueueSourcePlan } from '../../../local/assembly/plan.ts';
import { type QueuePoller, startQueuePoller } from '../../../local/event-source/queue-poller.ts';
import type { InvocationResult } from '../../../local/lambda/invocation.ts';
import { LocalQueue } from '../../../local/sqs/queue.ts';

const ARN = 'arn:aws:sqs:us-east-1:111111111111:work';
let dir: string;
let queue: LocalQueue;
let events: SQSEvent[];
let poller: QueuePoller | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baseload-poller-'));
  const plan = {
    name: 'work',
    arn: ARN,
    slug: 'work',
    visibilityTimeoutSeconds: 1,
    delaySeconds: 0,
    receiveWaitSeconds: 20,
  };
  queue = new LocalQueue(dir, plan, Date.now);
  events = [];
});
afterEach(async () => {
  await poller?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const returned = (answer: unknown): InvocationResult => ({
  kind: 'returned',
  requestId: 'r',
  payload: JSON.stringify(answer),
});
const start = (
  answerTo: (event: SQSEvent) => InvocationResult | Promise<InvocationResult>,
  more: Partial<QueueSourcePlan> = {},
) => {
  poller = startQueuePoller({
    plan: {
      functionName: 'worker',
      queueArn: ARN,
      batchSize: 10,
      batchingWindowSeconds: 0,
      reportBatchItemFailures: true,
      ...more,
    },
    region: 'us-east-1',
    queue,
    invoke: async (event) => {
      events.push(JSON.parse(event));
      return answerTo(JSON.parse(event));
    },
    onTrouble: () => undefined,
    nowMs: Date.now,
  });
};
const until = async (what: () => boolean): Promise<void> => {
  const deadlineMs = Date.now() + 8_000;
  while (!what()) {
    if (Date.now() > deadlineMs) throw new Error(`not so after 8 s; seen ${JSON.stringify(seen())}`);
    await new Promise((done) => setTimeout(done, 10));
  }
};
const seen = () => events.map(({ Records }) => Records.map(({ body }) => body));
const isEmpty = () => queue.state().visible + queue.state().inFlight === 0;

test('a message comes as Lambda writes it, and is gone when the function returns', async () => {
  start(() => returned({ batchItemFailures: [] }));
  const { messageId } = queue.send('{"a":1}');
  await until(() => events.length === 1 && isEmpty());
  expect(events[0]?.Records).toEqual([
    {
      messageId,
      receiptHandle: expect.stringMatching(/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/),
      body: '{"a":1}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {},
      md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
      awsRegion: 'us-east-1',
    },
  ]);
});

test('only what was reported comes again', async () => {
  for (const body of ['a', 'bad', 'c']) queue.send(body);
  let tries = 0;
  start(({ Records }) => {
    const bad = Records.filter(({ body }) => body === 'bad');
    tries += bad.length;
    return returned({
      batchItemFailures: tries < 2 ? bad.map(({ messageId }) => ({ itemIdentifier: messageId })) : [],
    });
  });
  await until(() => tries === 2 && isEmpty());
  expect(seen()).toEqual([['a', 'bad', 'c'], ['bad']]);
});

test.each<[string, InvocationResult]>([
  ['a function that fails', { kind: 'failed', requestId: 'r', error: { errorType: 'Error', errorMessage: 'x' } }],
  ['a report that names no message of the batch', returned({ batchItemFailures: [{ itemIdentifier: 'other' }] })],
  ['a throttled function', { kind: 'throttled' }],
])('%s keeps the whole batch', async (_name, result) => {
  for (const body of ['a', 'b']) queue.send(body);
  start(() => result);
  await until(() => events.length === 2);
  expect(seen()).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('a window gathers a larger batch', async () => {
  for (let n = 0; n < 12; n++) queue.send(String(n));
  start(() => returned(null), { batchSize: 12, batchingWindowSeconds: 1, maximumConcurrency: 1 });
  await until(isEmpty);
  expect(seen().map((batch) => batch.length)).toEqual([12]);
});

test('no more invocations at once than the mapping allows', async () => {
  for (let n = 0; n < 6; n++) queue.send(String(n));
  let atOnce = 0;
  let most = 0;
  start(
    async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((done) => setTimeout(done, 50));
      atOnce--;
      return returned(null);
    },
    { batchSize: 1, maximumConcurrency: 2 },
  );
  await until(() => events.length === 6 && isEmpty());
  expect(most).toBe(2);
});
