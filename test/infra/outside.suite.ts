// Owns the pins of the payer from outside: where it stands, what it may do, who is told, and that it is not there unasked.
import { describe, expect, test } from '@jest/globals';
import { euConfig, onlyResource, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const config = {
  ...usConfig(),
  alarmEmails: { P1: ['oncall@example.com'] },
  outsidePayer: { account: 'us_test-a', currency: 'USD', everyMinutes: 10 } as const,
};
const outside = stackNamed(synthesize(config), 'baseload-us-outside-us-east-2');

test('it is left out where nobody asked for it', () => {
  expect(synthesize().filter(({ text }) => text.includes('AWS::Synthetics'))).toEqual([]);
});

test('it stands in the third Region of its jurisdiction, and comes last', () => {
  expect([outside.region, [...outside.after].sort()]).toEqual([
    'us-east-2',
    ['baseload-us-region-us-east-1', 'baseload-us-region-us-west-2'],
  ]);
  const eu = synthesize({
    ...euConfig(),
    outsidePayer: { account: 'eu_test-a', currency: 'EUR', everyMinutes: 60 },
  });
  expect(stackNamed(eu, 'baseload-eu-outside-eu-west-3').region).toBe('eu-west-3');
});

test('the canary pays every ten minutes through the payers’ hostname, and holds no credential', () => {
  const { Properties } = onlyResource(outside, 'AWS::Synthetics::Canary');
  expect(Properties).toMatchObject({
    Name: 'baseload-us-payer',
    RuntimeVersion: 'syn-nodejs-5.2',
    Schedule: { Expression: 'rate(10 minutes)' },
    StartCanaryAfterCreation: true,
    RunConfig: {
      TimeoutInSeconds: 50,
      EnvironmentVariables: {
        ORIGIN: 'https://billing.example.com',
        ACCOUNT_ID: 'us_test-a',
        CURRENCY: 'USD',
        SLOT_MS: '600000',
        SECRET_NAME: 'baseload/us/outside-payer',
      },
    },
  });
});

test('its role reads one secret, keeps and tells its runs, and nothing else', () => {
  const { Properties } = onlyResource(outside, 'AWS::IAM::Role');
  const [{ PolicyDocument }] = Properties.Policies as [{ PolicyDocument: { Statement: Record<string, unknown>[] } }];
  expect(PolicyDocument.Statement.map(({ Sid, Action }) => [Sid, Action])).toEqual([
    ['ReadCredentials', 'secretsmanager:GetSecretValue'],
    ['KeepRuns', 's3:PutObject'],
    ['FindBucket', 's3:GetBucketLocation'],
    ['TellRuns', 'cloudwatch:PutMetricData'],
    ['WriteOwnLog', ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']],
  ]);
  expect(JSON.stringify(PolicyDocument.Statement[0]?.Resource)).toContain(':secret:baseload/us/outside-payer-??????');
  expect(resourcesOf(outside, 'AWS::IAM::Policy')).toEqual([]);
});

describe('its alarm', () => {
  const alarm = onlyResource(outside, 'AWS::CloudWatch::Alarm').Properties;

  test('rings when two of three runs failed or did not come', () => {
    expect(alarm).toMatchObject({
      AlarmName: 'baseload-us-outside-payments-failing-P1',
      Namespace: 'CloudWatchSynthetics',
      MetricName: 'SuccessPercent',
      Dimensions: [{ Name: 'CanaryName', Value: 'baseload-us-payer' }],
      Period: 600,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 100,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('tells the topic of its own Region, to which the same people are subscribed, when it fires and when it is over', () => {
    expect(JSON.stringify(alarm.AlarmActions)).toContain(':baseload-us-alarms-P1"');
    expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    expect(onlyResource(outside, 'AWS::SNS::Topic').Properties.TopicName).toBe('baseload-us-alarms-P1');
    expect(onlyResource(outside, 'AWS::SNS::Subscription').Properties.Endpoint).toBe('oncall@example.com');
  });
});
