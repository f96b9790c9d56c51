// Owns the proof that a page is told once, that one that cannot be made is tried again and then told as it is, and by whose right.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import type { Notification } from '../../../local/cloudwatch/evaluate-alarms.ts';
import type { InvocationResult } from '../../../local/lambda/invocation.ts';
import { AlarmActions, type AlarmActionsOptions } from '../../../local/region/alarm-actions.ts';
import { readPages } from '../../../local/sns/pages.ts';
import { Topics } from '../../../local/sns/topics.ts';

const ENRICHER = 'arn:aws:lambda:us-east-1:111111111111:function:baseload-us-enrich-alarm:live';
const TOPIC = 'arn:aws:sns:us-east-1:111111111111:baseload-us-alarms-P0';
const NAME = 'baseload-us-work-P1';
const AT_MS = Date.UTC(2026, 10, 21, 10, 4, 30);

const NEWS: Notification = {
  alarm: NAME,
  slug: 'work',
  tier: 'P1',
  region: 'us-east-1',
  from: 'OK',
  status: 'ALARM',
  reason: 'of its alarms these ring: baseload-us-a-P1',
  atMs: AT_MS,
  targets: [ENRICHER],
};
const RETURNED: InvocationResult = { kind: 'returned', requestId: '1', payload: 'null' };
const FAILED: InvocationResult = {
  kind: 'failed',
  requestId: '1',
  error: { errorType: 'Error', errorMessage: 'no topic' },
};

let dataDir: string;
let troubles: string[];
let calls: { readonly name: string; readonly event: unknown }[];
let actions: AlarmActions | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-actions-'));
  troubles = [];
  calls = [];
});
afterEach(() => {
  actions?.stop();
  rmSync(dataDir, { recursive: true });
});

const MAY_PUBLISH: PolicyStatement = { Effect: 'Allow', Action: ['sns:Publish'], Resource: [TOPIC] };

const begin = (
  answers: readonly InvocationResult[],
  { statements = [MAY_PUBLISH], callable = [ENRICHER] }: { statements?: PolicyStatement[]; callable?: string[] } = {},
): AlarmActions => {
  const fn = { name: 'baseload-us-enrich-alarm', roleName: 'enricher' };
  const role = { name: 'enricher', arn: 'arn:aws:iam::111111111111:role/enricher', accessKeyId: 'K', statements };
  actions = new AlarmActions({
    plan: {
      region: 'us-east-1',
      account: '111111111111',
      functions: [fn] as unknown as AlarmActionsOptions['plan']['functions'],
      roles: [role],
      paging: {
        topics: [TOPIC],
        callableByAlarms: callable,
        asyncCalls: [{ functionName: fn.name, qualifier: 'live', retries: 2, maxAgeSeconds: 600, onFailureArn: TOPIC }],
      },
    },
    alarms: [
      {
        name: NAME,
        kind: 'composite',
        description: 'P1: work. Runbook: x',
        rule: 'ALARM("baseload-us-a-P1")',
      } as AlarmPlan,
    ],
    readings: () => [
      { name: 'baseload-us-a-P1', state: 'ALARM', sinceMs: AT_MS - 5_000 },
      { name: 'baseload-us-b-P1', state: 'ALARM', sinceMs: AT_MS },
    ],
    invoke: async (name, event) => {
      calls.push({ name, event: JSON.parse(event) });
      return answers[calls.length - 1] ?? RETURNED;
    },
    topics: new Topics({ arns: [TOPIC], dataDir, onPage: () => undefined, nowMs: () => AT_MS }),
    onTrouble: (what) => void troubles.push(what),
    nowMs: () => AT_MS,
    retryDelaysMs: [1, 1],
  });
  return actions;
};

const settled = async (isDone: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 1_000 && !isDone(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(isDone()).toBe(true);
};

test('the function is called once, with what CloudWatch says of a composite alarm', async () => {
  const begun = begin([RETURNED]);
  begun.noteChange({ alarm: NAME, from: 'INSUFFICIENT_DATA', to: 'OK', atMs: AT_MS - 60_000 });
  begun.noteChange({ alarm: NAME, from: 'OK', to: 'ALARM', atMs: AT_MS });
  begun.carryOut(NEWS);
  await settled(() => calls.length === 1);
  expect(calls[0]).toEqual({
    name: 'baseload-us-enrich-alarm',
    event: {
      source: 'aws.cloudwatch',
      alarmArn: `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${NAME}`,
      accountId: '111111111111',
      time: '2026-11-21T10:04:30.000+0000',
      region: 'us-east-1',
      alarmData: {
        alarmName: NAME,
        state: {
          value: 'ALARM',
          reason: 'of its alarms these ring: baseload-us-a-P1',
          reasonData:
            '{"triggeringAlarms":[{"arn":"arn:aws:cloudwatch:us-east-1:111111111111:alarm:baseload-us-a-P1","state":{"value":"ALARM","timestamp":"2026-11-21T10:04:25.000+0000"}}]}',
          timestamp: '2026-11-21T10:04:30.000+0000',
        },
        previousState: { value: 'OK', timestamp: '2026-11-21T10:03:30.000+0000' },
        configuration: { description: 'P1: work. Runbook: x', alarmRule: 'ALARM("baseload-us-a-P1")' },
      },
    },
  });
  expect([readPages(dataDir), troubles]).toEqual([[], []]);
});

test('a call that fails is tried twice more; then the failure destination has it as it was', async () => {
  begin([FAILED, FAILED, FAILED]).carryOut(NEWS);
  await settled(() => readPages(dataDir).length === 1);
  expect(calls).toHaveLength(3);
  const [page] = readPages(dataDir);
  expect([page?.topicArn, page?.subject]).toEqual([TOPIC, '']);
  expect(JSON.parse(page?.message ?? '')).toMatchObject({
    requestContext: { functionArn: ENRICHER, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { alarmData: { alarmName: NAME, state: { value: 'ALARM' } } },
    responsePayload: { errorMessage: 'no topic' },
  });
});

test('a throttled call comes again after a second, and has all its tries left', async () => {
  begin([{ kind: 'throttled' }, FAILED, FAILED, RETURNED]).carryOut(NEWS);
  await settled(() => calls.length === 4);
  expect(readPages(dataDir)).toEqual([]);
});

test('a call that fails once is told by its second try, and nowhere else', async () => {
  begin([FAILED, RETURNED]).carryOut(NEWS);
  await settled(() => calls.length === 2);
  expect(readPages(dataDir)).toEqual([]);
});

test('without the rights nothing is called and nothing published, and it is said', async () => {
  begin([], { callable: [] }).carryOut(NEWS);
  expect(calls).toEqual([]);
  expect(troubles).toEqual([
    `alarm ${NAME}: CloudWatch is not authorized to perform: lambda:InvokeFunction on ${ENRICHER}`,
  ]);
  begin([FAILED, FAILED, FAILED], { statements: [] }).carryOut(NEWS);
  await settled(() => troubles.some((one) => one.startsWith('failure destination')));
  expect(readPages(dataDir)).toEqual([]);
});

test('an alarm that tells a topic is told in CloudWatch’s own words', () => {
  begin([]).carryOut({ ...NEWS, targets: [TOPIC] });
  const [page] = readPages(dataDir);
  expect(page?.subject).toBe('ALARM: "baseload-us-work-P1" in us-east-1');
  expect(JSON.parse(page?.message ?? '')).toMatchObject({
    AlarmName: NAME,
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
  });
});
