// Owns the proof that a schedule can be run beside its time, and says what came of it.
// Leaves to expression.test.ts when it is due.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../local/lambda/invocation.ts';
import { startScheduler } from '../../../local/schedules/scheduler.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baseload-schedules-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const ROLE = 'arn:aws:iam::111111111111:role/run';
const TARGET = 'arn:aws:lambda:us-east-1:111111111111:function:run:live';

const begin = (result: InvocationResult) => {
  const invoked: string[] = [];
  const scheduler = startScheduler({
    plan: {
      region: 'us-east-1',
      roles: [
        {
          name: 'run',
          arn: ROLE,
          accessKeyId: 'run',
          statements: [{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [TARGET] }],
        },
      ],
      schedules: [
        {
          name: 'nightly',
          expression: 'cron(0 6 1 1 ? 2199)',
          functionName: 'run',
          targetArn: TARGET,
          roleArn: ROLE,
          input: '{}',
          maximumRetryAttempts: 3,
        },
      ],
    },
    invoke: async (functionName, input) => {
      invoked.push(`${functionName} ${input}`);
      return result;
    },
    file: join(dir, 'schedules.json'),
    onTrouble: () => undefined,
    nowMs: () => Date.UTC(2198, 11, 31),
  });
  return { scheduler, invoked };
};

test('run now, a schedule invokes its function once with its input, whenever it is due', async () => {
  const { scheduler, invoked } = begin({ kind: 'returned', requestId: 'r', payload: 'null' });
  await scheduler.runNow('nightly');
  expect(invoked).toEqual(['run {}']);
  await scheduler.stop();
});

test.each<[string, string, InvocationResult, string, number]>([
  ['an unknown one', 'tea', { kind: 'throttled' }, 'no schedule tea', 0],
  ['a throttled function', 'nightly', { kind: 'throttled' }, 'run is throttled', 1],
  [
    'a function that fails',
    'nightly',
    { kind: 'failed', requestId: 'r', error: { errorType: 'Error', errorMessage: 'no queue' } },
    'run failed: no queue',
    1,
  ],
])('%s is said, and not tried again', async (_, name, result, message, times) => {
  const { scheduler, invoked } = begin(result);
  await expect(scheduler.runNow(name)).rejects.toThrow(message);
  expect(invoked).toHaveLength(times);
  await scheduler.stop();
});
