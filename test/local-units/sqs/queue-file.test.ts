// Owns the proof that failure records outlive the process that sent them.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { QueueFile } from '../../../local/sqs/queue-file.ts';

const plan = { name: 'failures', arn: 'arn:aws:sqs:us-east-1:111111111111:failures', slug: 'project-facts' };
let dir: string;
let nowMs = 1000;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baseload-queue-'));
  nowMs = 1000;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const open = () => new QueueFile(dir, plan, () => nowMs);

test('an empty queue has nothing to show', () => {
  expect(open().state()).toEqual({ slug: 'project-facts', visible: 0, inFlight: 0, oldestAgeMs: 0, dlq: 0 });
});

test('what was sent is counted and found again by the next process', () => {
  const first = open();
  first.send('{"a":1}');
  nowMs = 1400;
  first.send('line\nbreak');
  nowMs = 2000;
  expect(first.state()).toMatchObject({ visible: 2, oldestAgeMs: 1000 });
  expect(open().state()).toMatchObject({ visible: 2, oldestAgeMs: 1000 });
  expect(
    open()
      .messages()
      .map(({ body }) => body),
  ).toEqual(['{"a":1}', 'line\nbreak']);
});

test('half a line left by a kill is dropped, and the next message is whole', () => {
  open().send('one');
  appendFileSync(join(dir, 'queues', 'failures.jsonl'), '{"messageId":"x","bo');
  const reopened = open();
  expect(reopened.state().visible).toBe(1);
  reopened.send('two');
  expect(
    open()
      .messages()
      .map(({ body }) => body),
  ).toEqual(['one', 'two']);
});
