// Owns the proof that a deployment shifts calls as its group says, is stopped by the group's alarms alone, and loses no call.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeploymentGroupPlan, FunctionPlan, RolePlan } from '../../../local/assembly/plan.ts';
import { Deployments } from '../../../local/codedeploy/deployments.ts';
import { authorize } from '../../../local/iam/evaluate.ts';
import { type Lambda, startLambda } from '../../../local/lambda/service.ts';
import type { AlarmReading } from '../../../local/processes.ts';
import { regionOf, workspace } from '../lambda/bundled.ts';

const space = workspace();
const ALARM = 'baseload-us-pay-errors-P1';
const GROUP: DeploymentGroupPlan = {
  applicationName: 'baseload-us',
  name: 'pay',
  functionName: 'pay',
  canary: { percent: 1, minutes: 10 },
  alarms: [ALARM],
  roleName: 'deployer',
};
const says = (word: string): string => `export const handler = async () => '${word}';`;
const sayingAfter = (milliseconds: number, word: string): string =>
  `export const handler = () => new Promise((resolve) => setTimeout(() => resolve('${word}'), ${milliseconds}));`;

let lambda: Lambda;
let drawn: number;
let ringing: string[];
let nowMs: number;
let told: string[];
let first: FunctionPlan;
let next: FunctionPlan;

const deployerOf = (...actions: readonly string[]): RolePlan => ({
  name: 'deployer',
  arn: 'arn:aws:iam::111111111111:role/deployer',
  accessKeyId: 'LKIADEPLOYER',
  statements: [{ Effect: 'Allow', Action: actions, Resource: ['*'] }],
});

const open = (role = deployerOf('lambda:UpdateAlias', 'cloudwatch:DescribeAlarms')): Deployments => {
  const plan = regionOf(first);
  const readings = (): readonly AlarmReading[] =>
    [ALARM, 'baseload-us-other-P0'].map((name) => ({
      name,
      state: ringing.includes(name) ? 'ALARM' : 'OK',
      sinceMs: 0,
    }));
  return new Deployments({
    plan: { ...plan, roles: [...plan.roles, role], deploymentGroups: [GROUP] },
    lambda,
    readings,
    authorize,
    onEvent: ({ detail }) => told.push(`${(detail as { state: string }).state}`),
    nowMs: () => nowMs,
  });
};

const start = (maxEnvironments = 1): void => {
  lambda = startLambda({
    plan: regionOf(first),
    endpoints: {},
    onLog: () => undefined,
    onMetric: () => undefined,
    randomOf: () => () => drawn,
    maxEnvironments,
  });
};

const answer = async (): Promise<unknown> => {
  const result = await lambda.invoke('pay', '{}');
  return result.kind === 'returned' ? JSON.parse(result.payload) : result.kind;
};

beforeEach(() => {
  [drawn, ringing, nowMs, told] = [0.5, [], 1_000, []];
  first = space.fn('pay', says('old'), { alias: 'live' });
  next = space.fn('pay-next', says('new'), { alias: 'live' });
});
afterEach(() => lambda.close());
afterAll(() => space.remove());

describe('a deployment', () => {
  test('gives the new version one call of a hundred, and all of them once the interval is over', async () => {
    start();
    const deployments = open();
    deployments.create('pay', next.assetDir);
    drawn = 0.0099;
    expect(await answer()).toBe('new');
    drawn = 0.01;
    expect([await answer(), await answer()]).toEqual(['old', 'old']);
    nowMs += 10 * 60_000 - 1;
    deployments.advance();
    expect(deployments.all()).toMatchObject([{ status: 'InProgress', taken: { byOld: 2, byNew: 1 } }]);
    nowMs += 1;
    deployments.advance();
    expect(await answer()).toBe('new');
    expect(deployments.all()).toMatchObject([
      { group: 'pay', status: 'Succeeded', from: '1', to: '2', createdAtMs: 1_000, completedAtMs: 601_000 },
    ]);
    expect(told).toEqual(['START', 'SUCCESS']);
  });

  test('is stopped and taken back by an alarm of its group, as a deployment of its own', async () => {
    start();
    const deployments = open();
    deployments.create('pay', next.assetDir);
    nowMs += 61_000;
    ringing = [ALARM];
    deployments.advance();
    drawn = 0;
    expect(await answer()).toBe('old');
    expect(deployments.all()).toMatchObject([
      { status: 'Stopped', from: '1', to: '2', completedAtMs: 62_000, error: { code: 'ALARM_ACTIVE' } },
      { status: 'Succeeded', creator: 'codeDeployRollback', from: '2', to: '1' },
    ]);
    expect(told).toEqual(['START', 'STOP', 'START', 'SUCCESS']);
    ringing = [];
    deployments.create('pay', next.assetDir);
    expect(deployments.all().at(-1)).toMatchObject({ from: '1', to: '3' });
  });

  test('is not stopped by any other alarm', () => {
    start();
    const deployments = open();
    deployments.create('pay', next.assetDir);
    ringing = ['baseload-us-other-P0'];
    deployments.advance();
    expect(deployments.all()).toMatchObject([{ status: 'InProgress' }]);
  });

  test('lets the version that goes end what it is at', async () => {
    next = space.fn('pay-next', sayingAfter(300, 'late'), { alias: 'live' });
    start();
    const deployments = open();
    deployments.create('pay', next.assetDir);
    drawn = 0;
    const late = answer();
    await answer();
    const last = answer();
    ringing = [ALARM];
    deployments.advance();
    expect([await late, await last, await answer()]).toEqual(['late', 'late', 'old']);
  });

  test('shares the reserved concurrency of the function with the version before', async () => {
    first = space.fn('pay', sayingAfter(300, 'old'), { alias: 'live', reservedConcurrency: 1 });
    start();
    const deployments = open();
    deployments.create('pay', next.assetDir);
    const under = answer();
    drawn = 0;
    expect(await answer()).toBe('throttled');
    expect(await under).toBe('old');
  });
});

describe('refused is', () => {
  test('a second deployment of a group, an unknown group, a directory without the handler', () => {
    start();
    const deployments = open();
    expect(() => deployments.create('look', next.assetDir)).toThrow(
      'no deployment group look in us-east-1: it has pay',
    );
    expect(() => deployments.create('pay', 'dist')).toThrow('a bundle is named by its whole path, got dist');
    expect(() => deployments.create('pay', space.dir)).toThrow(/holds no index\.js, \.mjs or \.cjs/);
    deployments.create('pay', next.assetDir);
    expect(() => deployments.create('pay', next.assetDir)).toThrow(
      'a deployment of pay is in progress: wait for it to end',
    );
  });

  test('what the role of the group may not do: nothing is shifted', () => {
    start();
    const deployments = open(deployerOf('lambda:UpdateAlias'));
    expect(() => deployments.create('pay', next.assetDir)).toThrow(
      /not authorized to perform: cloudwatch:DescribeAlarms/,
    );
    expect(deployments.all()).toEqual([]);
  });
});
