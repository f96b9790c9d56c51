// Owns the pins of game days: what FIS may do to what, what stops it, what is asserted, when it starts, and that nothing of it is there unasked.
import { describe, expect, test } from '@jest/globals';
import { ALARMS, alarmOf } from '../../lib/alarms/registry.ts';
import type { BaseloadConfig } from '../../lib/config.ts';
import { EXPERIMENTS, FAULT_TARGETS, STOP_ALARMS } from '../../lib/game-days/experiments.ts';
import { onlyResource, type Resource, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const withGameDays = (gameDays: BaseloadConfig['gameDays']): BaseloadConfig => ({ ...usConfig(), gameDays });
const stacks = synthesize(withGameDays({ schedule: { weekday: 'TUE', hourUtc: 13 } }));
const gameDays = stackNamed(stacks, 'baseload-us-game-days-us-west-2');
const region = stackNamed(stacks, 'baseload-us-region-us-west-2');

interface Action {
  readonly ActionId: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly StartAfter?: readonly string[];
}

/** References as their text: the account is the only one there is. */
const flat = (value: unknown): string =>
  JSON.stringify(value)
    .replace(
      /\{"Fn::Join":\["",\[(.*?)\]\]\}/g,
      (_, parts: string) =>
        `"${parts.replaceAll('{"Ref":"AWS::AccountId"}', '"ACCOUNT"').replaceAll('","', '').replaceAll('"', '')}"`,
    )
    .replaceAll('arn:aws:', '');
const template = (slug: string): Resource['Properties'] => {
  const found = resourcesOf(gameDays, 'AWS::FIS::ExperimentTemplate').find(
    ({ Properties }) => (Properties.Tags as { Name: string }).Name === `baseload-us-${slug}`,
  );
  if (found === undefined) throw new Error(`no template ${slug}`);
  return found.Properties;
};
const actionsOf = (slug: string) => template(slug).Actions as Readonly<Record<string, Action>>;
const statementsOf = (id: RegExp) =>
  Object.entries(gameDays.resources).flatMap(([logicalId, { Type, Properties }]) =>
    Type === 'AWS::IAM::Role' && id.test(logicalId)
      ? (Properties.Policies as { PolicyDocument: { Statement: Record<string, unknown>[] } }[]).flatMap(
          ({ PolicyDocument }) => PolicyDocument.Statement,
        )
      : [],
  );

test('without the switch there is no experiment, no extension, and no bucket for faults', () => {
  const off = synthesize();
  expect(off.filter(({ text }) => /AWS::FIS|AWS_FIS|fis:StartExperiment|baseload-us-faults/.test(text))).toEqual([]);
});

describe('an experiment', () => {
  test.each(EXPERIMENTS.map((one) => [one.slug, one] as const))(
    '%s: stops on four or five alarms of P0, money among them, and asserts alarms of the registry',
    (slug, { stopsOn, during, after, minutes }) => {
      const stops = template(slug).StopConditions as readonly { Source: string; Value: unknown }[];
      expect(stops.map(({ Source, Value }) => `${Source} ${flat(Value)}`)).toEqual(
        stopsOn.map(
          (stop) =>
            `aws:cloudwatch:alarm "cloudwatch:us-west-2:ACCOUNT:alarm:baseload-us-${STOP_ALARMS[stop]}-${alarmOf(stop).tier}"`,
        ),
      );
      expect(stops.length).toBeLessThanOrEqual(5);
      expect(stopsOn).toEqual(expect.arrayContaining(['corrupt-fact', 'seal-difference', 'peer-unhealthy']));
      for (const stop of stopsOn) expect(alarmOf(stop).tier).toBe('P0');
      const asserted = [...(during?.alarms ?? []), ...after.alarms];
      const known: readonly string[] = ALARMS.map((alarm) => alarm.slug);
      expect(asserted.filter((alarm) => !known.includes(alarm))).toEqual([]);
      for (const alarms of [during?.alarms ?? [], after.alarms]) expect(alarms.length).toBeLessThanOrEqual(5);
      // It is over before the next begins, and noticed before it is over.
      expect(minutes + after.minutes).toBeLessThan(60);
      expect(during?.atMinute ?? 0).toBeLessThan(minutes);
    },
  );

  test('every alarm that stops one is a metric alarm of this Region', () => {
    const alarms = resourcesOf(stackNamed(stacks, 'baseload-us-alarms-us-west-2'), 'AWS::CloudWatch::Alarm');
    const names = alarms.map(({ Properties }) => Properties.AlarmName);
    for (const name of Object.values(STOP_ALARMS)) expect(names).toContain(`baseload-us-${name}-P0`);
  });

  test('the ledger is cut off for longer than replication may go on, and the Region must say so', () => {
    const actions = actionsOf('ledger-paused');
    expect(Object.keys(actions)).toEqual(['fault', 'until-noticed', 'noticed', 'until-recovered', 'recovered']);
    expect(actions.fault).toMatchObject({
      ActionId: 'aws:dynamodb:global-table-pause-replication',
      Parameters: { duration: 'PT15M' },
    });
    expect(actions.noticed).toMatchObject({
      ActionId: 'aws:cloudwatch:assert-alarm-state',
      Parameters: { alarmStates: 'ALARM' },
      StartAfter: ['until-noticed'],
    });
    expect(flat(actions.noticed?.Parameters.alarmArns)).toContain(':alarm:baseload-us-region-unhealthy-P1');
    expect(actions['until-recovered']?.StartAfter).toEqual(['fault']);
    expect(flat(template('ledger-paused').Targets)).toContain('dynamodb:us-west-2:ACCOUNT:table/baseload-us-ledger-g1');
  });

  test('functions fail before and after their work, and wait', () => {
    const fault = (slug: string) => actionsOf(slug).fault;
    expect(fault('payments-refused')).toMatchObject({
      ActionId: 'aws:lambda:invocation-error',
      Parameters: { preventExecution: 'true' },
    });
    for (const slug of ['payments-unanswered', 'settlements-unanswered'])
      expect(fault(slug)).toMatchObject({
        ActionId: 'aws:lambda:invocation-error',
        Parameters: { preventExecution: 'false' },
      });
    expect(fault('payments-slow')).toMatchObject({
      ActionId: 'aws:lambda:invocation-add-delay',
      Parameters: { startupDelayMilliseconds: '1000' },
    });
  });
});

describe('what FIS may do', () => {
  const rights = (id: RegExp) =>
    statementsOf(id).map(({ Sid, Action, Resource, Condition }) => [
      Sid,
      Action,
      flat(Resource),
      ...(Condition === undefined ? [] : [flat(Condition)]),
    ]);
  const common = [
    ['AssertAlarms', 'cloudwatch:DescribeAlarms', '"cloudwatch:us-west-2:ACCOUNT:alarm:*"'],
    ['FindTargets', 'tag:GetResources', '"*"'],
  ];

  test('to the ledger: refuse its replication and inject errors, and nothing to an item', () => {
    const ledger = 'dynamodb:us-west-2:ACCOUNT:table/baseload-us-ledger-g1';
    expect(rights(/^ledgerpausedRole/)).toEqual([
      ...common,
      [
        'PauseReplication',
        [
          'dynamodb:DeleteResourcePolicy',
          'dynamodb:DescribeTable',
          'dynamodb:GetResourcePolicy',
          'dynamodb:PutResourcePolicy',
        ],
        `"${ledger}"`,
      ],
      [
        'InjectErrors',
        'dynamodb:InjectError',
        '"*"',
        `{"StringEquals":{"dynamodb:FisActionId":"aws:dynamodb:global-table-pause-replication"},"ForAllValues:StringEquals":{"dynamodb:FisTargetArns":["${ledger}"]}}`,
      ],
    ]);
  });

  test('to a function: see it, and hand faults over in its own bucket', () => {
    expect(rights(/^paymentsunansweredRole/)).toEqual([
      ...common,
      ['SeeFunction', 'lambda:GetFunction', '"lambda:us-west-2:ACCOUNT:function:baseload-us-payments"'],
      [
        'HandOverFaults',
        ['s3:DeleteObject', 's3:PutObject'],
        '"s3:::baseload-us-faults-us-west-2-ACCOUNT-g1/active/*"',
      ],
    ]);
  });

  test('in the name of an experiment of this account alone', () => {
    const roles = resourcesOf(gameDays, 'AWS::IAM::Role').filter(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('fis.amazonaws.com'),
    );
    expect(roles).toHaveLength(EXPERIMENTS.length);
    for (const { Properties } of roles)
      expect(flat(Properties.AssumeRolePolicyDocument)).toContain(
        '"ArnLike":{"aws:SourceArn":"fis:us-west-2:ACCOUNT:experiment/*"}',
      );
  });
});

test('functions that experiments hit carry the extension and may read faults; no other does', () => {
  const functions = resourcesOf(region, 'AWS::Lambda::Function');
  const carrying = functions.filter(({ Properties }) => Properties.Layers !== undefined);
  expect(carrying.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(
    FAULT_TARGETS.map((slug) => `baseload-us-${slug}`).sort(),
  );
  for (const { Properties } of carrying) {
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    expect(Variables).toMatchObject({
      AWS_LAMBDA_EXEC_WRAPPER: '/opt/aws-fis/bootstrap',
      AWS_FIS_POLL_MAX_WAIT_MILLISECONDS: '2000',
    });
    expect(flat(Variables.AWS_FIS_CONFIGURATION_LOCATION)).toBe(
      '"s3:::baseload-us-faults-us-west-2-ACCOUNT-g1/active/"',
    );
    expect(Properties.Architectures).toEqual(['arm64']);
  }
  expect(region.text).toContain('/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x');
  const reading = resourcesOf(region, 'AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties).includes('ReadFaults'),
  );
  expect(reading).toHaveLength(FAULT_TARGETS.length);
});

test('the bucket of faults is closed, and forgets within a day', () => {
  expect(onlyResource(gameDays, 'AWS::S3::Bucket').Properties).toMatchObject({
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1, Status: 'Enabled' }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
});

describe('the schedule', () => {
  const startsIn = (name: string, all = stacks) =>
    resourcesOf(stackNamed(all, `baseload-us-game-days-${name}`), 'AWS::Scheduler::Schedule').map(
      ({ Properties }) => Properties.ScheduleExpression,
    );

  test('begins an experiment an hour, in one Region on the first such day of a month, in the other on the third', () => {
    const hours = EXPERIMENTS.map((_, index) => 13 + index);
    expect(startsIn('us-east-1')).toEqual(hours.map((hour) => `cron(0 ${hour} ? * TUE#1 *)`));
    expect(startsIn('us-west-2')).toEqual(hours.map((hour) => `cron(0 ${hour} ? * TUE#3 *)`));
  });

  test('is told to the function that writes pages, with both Regions', () => {
    const functions = resourcesOf(stackNamed(stacks, 'baseload-us-region-us-east-1'), 'AWS::Lambda::Function');
    const told = functions.map(
      ({ Properties }) =>
        (Properties.Environment as { readonly Variables: Record<string, string> }).Variables.BASELOAD_GAME_DAYS,
    );
    const day = { weekday: 'TUE', fromHourUtc: 13, hours: EXPERIMENTS.length };
    expect(told.flatMap((text) => (text === undefined ? [] : [JSON.parse(text)]))).toContainEqual([
      { region: 'us-east-1', week: 1, ...day },
      { region: 'us-west-2', week: 3, ...day },
    ]);
  });

  test('starts each template once for each call, and may start no other', () => {
    const [first] = resourcesOf(gameDays, 'AWS::Scheduler::Schedule');
    expect(first?.Properties.Target).toMatchObject({
      Arn: 'arn:aws:scheduler:::aws-sdk:fis:startExperiment',
      RetryPolicy: { MaximumRetryAttempts: 0 },
    });
    expect(JSON.stringify(first?.Properties.Target)).toContain('<aws.scheduler.execution-id>');
    for (const { Action, Resource } of statementsOf(/^Schedule/)) {
      expect(Action).toBe('fis:StartExperiment');
      expect(JSON.stringify(Resource)).toContain('"Id"');
    }
  });

  test('is left out where experiments are started by hand', () => {
    expect(startsIn('us-west-2', synthesize(withGameDays({})))).toEqual([]);
  });
});

test('game days are deployed after their Region', () => {
  expect(gameDays.after).toEqual(['baseload-us-region-us-west-2']);
});
