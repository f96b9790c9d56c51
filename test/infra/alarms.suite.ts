import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ALARMS, runbookPath } from '../../lib/alarms/registry.ts';
import { resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const stacks = synthesize();
const alarmsStack = stackNamed(stacks, 'baseload-us-alarms-us-west-2');
const alarms = resourcesOf(alarmsStack, 'AWS::CloudWatch::Alarm');

describe('the registry', () => {
  test('every alarm of it is made, and no other', () => {
    expect(alarms.map(({ Properties }) => Properties.AlarmName)).toEqual([
      'baseload-us-payments-errors-P1',
      'baseload-us-operations-errors-P1',
      'baseload-us-lookup-errors-P1',
      'baseload-us-health-errors-P1',
      'baseload-us-project-facts-errors-P1',
      'baseload-us-tariffs-errors-P2',
      'baseload-us-readings-errors-P2',
      'baseload-us-store-readings-errors-P2',
      'baseload-us-issue-bills-errors-P2',
      'baseload-us-start-bill-run-errors-P2',
      'baseload-us-rehydrate-view-errors-P2',
      'baseload-us-view-rehydration-P1',
      'baseload-us-breaker-opened-P2',
      'baseload-us-sweep-errors-P2',
      'baseload-us-settle-payment-errors-P1',
      'baseload-us-send-notice-errors-P2',
      'baseload-us-reconcile-errors-P2',
      'baseload-us-reconciliation-difference-P1',
      'baseload-us-region-unhealthy-P1',
      'baseload-us-ledger-refusals-P0',
      'baseload-us-corrupt-fact-P0',
      'baseload-us-dispatch-failures-P1',
      'baseload-us-clock-skew-P1',
      'baseload-us-projection-lag-P1',
      'baseload-us-projection-iterator-age-P2',
      'baseload-us-projection-failures-P1',
      'baseload-us-intake-oldest-age-P2',
      'baseload-us-intake-dead-letters-P2',
      'baseload-us-bill-runs-oldest-age-P2',
      'baseload-us-bill-runs-dead-letters-P2',
      'baseload-us-settlements-oldest-age-P1',
      'baseload-us-settlements-dead-letters-P1',
      'baseload-us-notices-oldest-age-P2',
      'baseload-us-notices-dead-letters-P2',
    ]);
  });

  test.each(ALARMS.map(({ slug }) => slug))('%s has a runbook that says what to do and when not to', (slug) => {
    const page = readFileSync(runbookPath(slug), 'utf8');
    expect(page.match(/^## .*$/gm)).toEqual(['## Description', '## Investigation', '## Resolution', '## When not to']);
    expect(page.startsWith(`# ${slug}\n`)).toBe(true);
  });

  test('no alarm runbook is left over from an alarm that is gone', () => {
    const alarmSlugs: readonly string[] = ALARMS.map(({ slug }) => slug);
    const pages = existsSync('docs/runbooks') ? readdirSync('docs/runbooks') : [];
    const claiming = pages.filter((page) => /^Alarm: `baseload-/m.test(readFileSync(`docs/runbooks/${page}`, 'utf8')));
    expect(claiming.map((page) => page.replace('.md', '')).sort()).toEqual([...alarmSlugs].sort());
  });
});

describe('every alarm', () => {
  test('names its runbook and tells the topic of its tier when it fires and when it is over', () => {
    for (const { Properties } of alarms) {
      const name = String(Properties.AlarmName);
      const tier = name.slice(-2);
      const topic = resourcesOf(alarmsStack, 'AWS::SNS::Topic').find(
        (one) => one.Properties.TopicName === `baseload-us-alarms-${tier}`,
      );
      const slug = name.replace('baseload-us-', '').slice(0, -3);
      expect(Properties.AlarmDescription).toMatch(new RegExp(`^${tier}: .+\\. Runbook: docs/runbooks/${slug}\\.md$`));
      expect(Properties.AlarmActions).toEqual([{ Ref: topic?.logicalId }]);
      expect(Properties.OKActions).toEqual([{ Ref: topic?.logicalId }]);
    }
  });

  test('those of the canary are there before the Region stack names them', () => {
    const region = stackNamed(stacks, 'baseload-us-region-us-west-2');
    const named = resourcesOf(region, 'AWS::CodeDeploy::DeploymentGroup').flatMap(({ Properties }) =>
      (Properties.AlarmConfiguration as { Alarms: { Name: string }[] }).Alarms.map(({ Name }) => Name),
    );
    const made = alarms.map(({ Properties }) => Properties.AlarmName);
    expect(named).toHaveLength(11);
    for (const name of named) expect(made).toContain(name);
    expect(region.after).toContain('baseload-us-alarms-us-west-2');
  });

  test('silence is bad where something always speaks', () => {
    const bad = alarms
      .filter(({ Properties }) => Properties.TreatMissingData === 'breaching')
      .map(({ Properties }) => Properties.AlarmName);
    expect(bad).toEqual([
      'baseload-us-view-rehydration-P1',
      'baseload-us-region-unhealthy-P1',
      'baseload-us-projection-lag-P1',
    ]);
  });
});

test('a canary’s alarm counts crashes of the alias and 500s of the handler alike', () => {
  alarmsStack.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'baseload-us-payments-errors-P1',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Metrics: [
      { Expression: 'FILL(crashed, 0) + FILL(refused, 0)', Id: 'expr_1', Label: 'payments errors' },
      {
        Id: 'crashed',
        ReturnData: false,
        MetricStat: {
          Period: 60,
          Stat: 'Sum',
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Errors',
            Dimensions: [
              { Name: 'FunctionName', Value: 'baseload-us-payments' },
              { Name: 'Resource', Value: 'baseload-us-payments:live' },
            ],
          },
        },
      },
      {
        Id: 'refused',
        ReturnData: false,
        MetricStat: {
          Period: 60,
          Stat: 'Sum',
          Metric: {
            Namespace: 'Baseload',
            MetricName: 'InternalErrors',
            Dimensions: [{ Name: 'service', Value: 'payments' }],
          },
        },
      },
    ],
  });
});

describe('topics', () => {
  test('one for each tier, encrypted', () => {
    const topics = resourcesOf(alarmsStack, 'AWS::SNS::Topic').map(({ Properties }) => [
      Properties.TopicName,
      Properties.KmsMasterKeyId,
    ]);
    const key = { 'Fn::ImportValue': 'baseload-us-key-arn' };
    expect(topics).toEqual([
      ['baseload-us-alarms-P0', key],
      ['baseload-us-alarms-P1', key],
      ['baseload-us-alarms-P2', key],
    ]);
  });

  test('take alarms of this account only', () => {
    for (const { Properties } of resourcesOf(alarmsStack, 'AWS::SNS::TopicPolicy')) {
      const { Statement } = Properties.PolicyDocument as { Statement: unknown[] };
      expect(Statement).toContainEqual({
        Sid: 'AlarmsOfThisAccount',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: { Ref: expect.stringMatching(/^TopicP/) },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
      expect(JSON.stringify(Statement)).toContain('"aws:SecureTransport":"false"');
    }
  });

  test('tell the configured addresses', () => {
    const config = { ...usConfig(), alarmEmails: { P0: ['oncall@example.com'] } };
    const stack = stackNamed(synthesize(config), 'baseload-us-alarms-us-west-2');
    expect(resourcesOf(stack, 'AWS::SNS::Subscription').map(({ Properties }) => Properties)).toEqual([
      { Protocol: 'email', Endpoint: 'oncall@example.com', TopicArn: { Ref: expect.stringMatching(/^TopicP0/) } },
    ]);
  });
});
