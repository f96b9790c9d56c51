import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { poison } from '../../../local/sqs/poison.ts';
import type { LocalQueue } from '../../../local/sqs/queue.ts';
import { Queues } from '../../../local/sqs/queues.ts';

const plan = (name: string) => ({
  name,
  arn: `arn:aws:sqs:us-east-1:1:${name}`,
  slug: name,
  visibilityTimeoutSeconds: 0,
  delaySeconds: 30,
  receiveWaitSeconds: 0,
});

let dataDir = '';
const open = (): LocalQueue => {
  const redrive = { deadLetterArn: plan('work-dlq').arn, maxReceiveCount: 1 };
  const queues = new Queues(dataDir, [plan('work-dlq'), { ...plan('work'), redrive }], () => 1_000);
  return queues.withSlug('work') as LocalQueue;
};
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-poison-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('poison is no JSON, can be seen at once, and is given up like any message', () => {
  const queue = open();
  poison(queue, 2);
  const [first] = queue.receive({ limit: 1 });
  expect(() => JSON.parse(first?.body ?? '')).toThrow('Unexpected token');
  expect(queue.receive({ limit: 10 }).length).toBe(1);
  queue.receive({ limit: 10 });
  expect(queue.state()).toMatchObject({ visible: 0, inFlight: 0, dlq: 2 });
});

test('taken back it is gone, in flight and from the DLQ too, also after a restart, and nothing else is', () => {
  const queue = open();
  poison(queue, 1);
  queue.receive({ limit: 1 });
  queue.receive({ limit: 1 });
  poison(queue, 2);
  queue.send('{"accountId":"us_a"}', 0);
  queue.receive({ limit: 1, visibilityTimeoutSeconds: 60 });
  expect(queue.state()).toMatchObject({ visible: 2, inFlight: 1, dlq: 1 });
  poison(queue, 0);
  expect(queue.state()).toMatchObject({ visible: 1, inFlight: 0, dlq: 0 });
  expect(
    open()
      .receive({ limit: 10 })
      .map(({ body }) => body),
  ).toEqual(['{"accountId":"us_a"}']);
});
