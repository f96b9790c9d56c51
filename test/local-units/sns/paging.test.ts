// Owns the proof that the function's own adapters, with today's SDK, and the emulators understand each other, rights included.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CloudWatchAlarmStates, createCloudWatchClient } from '../../../lambdas/adapters/cloudwatch-alarm-states.ts';
import { CodeDeployDeployments, createCodeDeployClient } from '../../../lambdas/adapters/codedeploy-deployments.ts';
import { createSnsClient, SnsPager } from '../../../lambdas/adapters/sns-pager.ts';
import type { Page } from '../../../lambdas/ports/pager.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { startCloudWatch } from '../../../local/cloudwatch/endpoint.ts';
import type { DeploymentSeen } from '../../../local/codedeploy/deployments.ts';
import { startCodeDeploy } from '../../../local/codedeploy/endpoint.ts';
import type { WireServer } from '../../../local/dynamodb/wire-server.ts';
import { authorize } from '../../../local/iam/evaluate.ts';
import type { AlarmReading } from '../../../local/processes.ts';
import { startSns } from '../../../local/sns/endpoint.ts';
import { readPages } from '../../../local/sns/pages.ts';
import { Topics } from '../../../local/sns/topics.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111111111111:baseload-us-alarms-';
const RIGHTS = [
  { Effect: 'Allow', Action: ['sns:Publish'], Resource: [`${TOPIC}P0`, `${TOPIC}P2`] },
  {
    Effect: 'Allow',
    Action: ['cloudwatch:DescribeAlarms'],
    Resource: ['arn:aws:cloudwatch:us-east-1:111111111111:alarm:*'],
  },
  {
    Effect: 'Allow',
    Action: ['codedeploy:BatchGetDeploymentGroups'],
    Resource: ['arn:aws:codedeploy:us-east-1:111111111111:deploymentgroup:baseload-us/lookup'],
  },
] as const;

const plan = {
  region: 'us-east-1',
  account: '111111111111',
  functions: [],
  roles: [
    { name: 'enricher', arn: 'arn:aws:iam::111111111111:role/enricher', accessKeyId: 'ENRICHER', statements: RIGHTS },
    { name: 'other', arn: 'arn:aws:iam::111111111111:role/other', accessKeyId: 'OTHER', statements: [] },
  ],
};
const PAGE: Page = {
  tier: 'P0',
  subject: 'P0 us-east-1 x ALARM: it burns',
  text: 'P0 in us-east-1: it burns & “smokes”.\n\n  1. 100 % = all + more\n',
  attributes: { tier: 'P0', region: 'us-east-1' },
};

let dataDir: string;
let denied: string[];
const running: WireServer[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'baseload-sns-'));
  denied = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(dataDir, { recursive: true });
});

const guarded = () => ({
  plan,
  authorize,
  onDenied: (message: string) => void denied.push(message),
  onDefect: (text: string) => {
    throw new Error(text);
  },
});
const begun = async (starting: Promise<WireServer>): Promise<string> => {
  const server = await starting;
  running.push(server);
  return server.url;
};
const as = (accessKeyId: string, endpoint: string) => ({
  region: 'us-east-1',
  endpoint,
  credentials: { accessKeyId, secretAccessKey: 'local' },
});

const pagerAs = async (accessKeyId: string): Promise<SnsPager> => {
  const arns = [`${TOPIC}P0`, `${TOPIC}P1`];
  const topics = new Topics({ arns, dataDir, onPage: () => undefined, nowMs: () => 1_000 });
  const url = await begun(startSns({ ...guarded(), topics }));
  return new SnsPager(createSnsClient(as(accessKeyId, url)), (tier) => `${TOPIC}${tier}`);
};

test('a page lies on its tier’s topic, letter by letter', async () => {
  await (await pagerAs('ENRICHER')).publish(PAGE);
  expect(readPages(dataDir)).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      atMs: 1_000,
      topicArn: `${TOPIC}P0`,
      subject: PAGE.subject,
      message: PAGE.text,
      attributes: PAGE.attributes,
    },
  ]);
});

test('a page is refused as SNS refuses it: no right, no topic, a subject of two lines', async () => {
  const pager = await pagerAs('ENRICHER');
  await expect(pager.publish({ ...PAGE, tier: 'P1' })).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  expect(denied).toEqual([
    'User: arn:aws:sts::111111111111:assumed-role/enricher/session is not authorized to perform: sns:Publish on resource: arn:aws:sns:us-east-1:111111111111:baseload-us-alarms-P1 because no identity-based policy allows the sns:Publish action',
  ]);
  await expect(pager.publish({ ...PAGE, tier: 'P2' })).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(pager.publish({ ...PAGE, subject: 'two\nlines' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  expect(readPages(dataDir)).toEqual([]);
});

const alarm = (name: string, kind: 'metric' | 'composite'): AlarmPlan =>
  ({ name, kind, description: `what ${name} means` }) as AlarmPlan;
const statesAs = async (accessKeyId: string): Promise<CloudWatchAlarmStates> => {
  const readings = (): readonly AlarmReading[] => [
    { name: 'baseload-us-a-P1', state: 'ALARM', sinceMs: 1_763_719_470_500 },
    { name: 'baseload-us-b-P0', state: 'ALARM', sinceMs: 2_000 },
    { name: 'baseload-us-c-P0', state: 'OK', sinceMs: 3_000 },
    { name: 'baseload-eu-d-P0', state: 'ALARM', sinceMs: 4_000 },
  ];
  const alarms = [
    alarm('baseload-us-a-P1', 'metric'),
    alarm('baseload-us-b-P0', 'composite'),
    alarm('baseload-us-c-P0', 'metric'),
    alarm('baseload-eu-d-P0', 'metric'),
  ];
  const url = await begun(startCloudWatch({ ...guarded(), alarms, readings }));
  return new CloudWatchAlarmStates(createCloudWatchClient(as(accessKeyId, url)), 'baseload-us-');
};

test('the alarms of the app that ring, composites too, with the moment they began', async () => {
  await expect((await statesAs('ENRICHER')).ringing()).resolves.toEqual([
    { name: 'baseload-us-b-P0', sinceMs: 2_000, description: 'what baseload-us-b-P0 means' },
    { name: 'baseload-us-a-P1', sinceMs: 1_763_719_470_500, description: 'what baseload-us-a-P1 means' },
  ]);
  await expect((await statesAs('OTHER')).ringing()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('every alarm of the app that looks at metrics with its state, page by page', async () => {
  await expect((await statesAs('ENRICHER')).all()).resolves.toEqual([
    { name: 'baseload-us-a-P1', state: 'ALARM', sinceMs: 1_763_719_470_500 },
    { name: 'baseload-us-c-P0', state: 'OK', sinceMs: 3_000 },
  ]);
  const names = Array.from({ length: 250 }, (_, at) => `baseload-us-${at}-P2`);
  const readings = () => names.map((name): AlarmReading => ({ name, state: 'OK', sinceMs: 1 }));
  const alarms = names.map((name) => alarm(name, 'metric'));
  const url = await begun(startCloudWatch({ ...guarded(), alarms, readings }));
  const states = await new CloudWatchAlarmStates(createCloudWatchClient(as('ENRICHER', url)), 'baseload-us-').all();
  expect(states.map(({ name }) => name)).toEqual(names);
  await expect((await statesAs('OTHER')).all()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('the last deployment of a group is told; a group that the role may not see is refused', async () => {
  const taken = { byOld: 0, byNew: 0 };
  const deployments: DeploymentSeen[] = [
    { id: 'd-1', group: 'lookup', status: 'Stopped', creator: 'user', from: '1', to: '2', createdAtMs: 5_000, taken },
    {
      id: 'd-2',
      group: 'tariffs',
      status: 'InProgress',
      creator: 'user',
      from: '1',
      to: '2',
      createdAtMs: 7_000,
      taken,
    },
  ];
  const url = await begun(startCodeDeploy({ ...guarded(), deployments: () => deployments }));
  const latest = (...slugs: string[]) =>
    new CodeDeployDeployments(createCodeDeployClient(as('ENRICHER', url)), 'baseload-us', slugs).latest();
  await expect(latest('lookup')).resolves.toEqual([{ slug: 'lookup', status: 'Stopped', startedAtMs: 5_000 }]);
  deployments.shift();
  await expect(latest('lookup')).resolves.toEqual([]);
  await expect(latest('lookup', 'payments')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
