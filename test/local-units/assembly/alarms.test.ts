// Owns the proof that alarms are read whole from the template, and that what is not known of them is refused with its name.
import { afterEach, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import type { AlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { app, type Template, type Written, written } from './written.ts';

const all: Written[] = [];
afterEach(() => {
  for (const one of all.splice(0)) one.remove();
});

const SINGLE = {
  AlarmName: 'baseload-us-region-unhealthy-P1',
  Namespace: 'Baseload',
  MetricName: 'RegionHealthy',
  Dimensions: [{ Name: 'service', Value: 'health' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  ComparisonOperator: 'LessThanThreshold',
  Threshold: 0.5,
  TreatMissingData: 'breaching',
  AlarmActions: [{ Ref: 'Topic' }],
  OKActions: ['arn:ok'],
};
const stat = (Id: string, Period = 60) => ({
  Id,
  MetricStat: {
    Metric: { Namespace: 'Baseload', MetricName: Id, Dimensions: [{ Name: 'service', Value: 'health' }] },
    Period,
    Stat: 'p99',
  },
  ReturnData: false,
});
const math = (Expression: string, ...metrics: object[]) => {
  const { Namespace, MetricName, Dimensions, Statistic, Period, ...rest } = SINGLE;
  return { ...rest, Metrics: [{ Id: 'e', Expression, Label: 'shown' }, ...metrics] };
};
const COMPOSITE = {
  AlarmName: 'baseload-us-page-P0',
  AlarmDescription: 'P0: nobody can pay',
  AlarmRule: { 'Fn::Join': ['', ['(ALARM("', { 'Fn::GetAtt': ['Single', 'Arn'] }, '"))']] },
  ActionsSuppressor: { 'Fn::GetAtt': ['Single', 'Arn'] },
  ActionsSuppressorWaitPeriod: 60,
  ActionsSuppressorExtensionPeriod: 120,
  AlarmActions: ['arn:page'],
};

const read = (...alarms: readonly object[]): readonly AlarmPlan[] => {
  const template: Template = app();
  template.Resources.Topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'told' } };
  for (const [index, Properties] of alarms.entries()) {
    const Type = `AWS::CloudWatch::${'AlarmRule' in Properties ? 'Composite' : ''}Alarm`;
    template.Resources[index === 0 ? 'Single' : `Alarm${index}`] = { Type, Properties };
  }
  const one = written(template);
  all.push(one);
  return readAssembly(one.dir).alarms;
};

const named = {
  name: 'baseload-us-region-unhealthy-P1',
  slug: 'region-unhealthy',
  tier: 'P1',
  region: 'us-east-1',
  description: '',
  actions: { ALARM: ['arn:aws:sns:us-east-1:123456789012:told'], OK: ['arn:ok'], INSUFFICIENT_DATA: [] },
};
const judged = {
  periodSeconds: 60,
  comparison: 'LessThanThreshold',
  threshold: 0.5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: 'breaching',
};
const metric = (name: string) => ({ namespace: 'Baseload', name, dimensions: { service: 'health' } });

test('an alarm on one metric', () => {
  expect(read(SINGLE)).toEqual([
    {
      kind: 'metric',
      ...named,
      queries: [{ kind: 'metric', id: 'metric', metric: metric('RegionHealthy'), statistic: 'Average' }],
      returned: 'metric',
      ...judged,
    },
  ]);
});

test('an alarm on a percentile, every period, with what CloudWatch assumes of gaps', () => {
  const { Statistic, DatapointsToAlarm, TreatMissingData, ...rest } = SINGLE;
  expect(read({ ...rest, ExtendedStatistic: 'p99.9' })).toMatchObject([
    { queries: [{ statistic: 'p99.9' }], datapointsToAlarm: 3, missing: 'missing' },
  ]);
});

test('an alarm on metric math', () => {
  expect(read(math('FILL(a, 0) / b', stat('a'), stat('b')))).toEqual([
    {
      kind: 'metric',
      ...named,
      queries: [
        { kind: 'expression', id: 'e', expression: 'FILL(a, 0) / b' },
        { kind: 'metric', id: 'a', metric: metric('a'), statistic: 'p99' },
        { kind: 'metric', id: 'b', metric: metric('b'), statistic: 'p99' },
      ],
      returned: 'e',
      ...judged,
    },
  ]);
});

const banded = (Expression: string, more: object = {}) => {
  const { Namespace, MetricName, Dimensions, Statistic, Period, Threshold, ComparisonOperator, ...rest } = SINGLE;
  return {
    ...rest,
    ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
    ThresholdMetricId: 'band',
    Metrics: [
      { Id: 'band', Expression, ReturnData: true },
      { ...stat('a', 300), ReturnData: true },
    ],
    ...more,
  };
};

test('an alarm that is compared with a band', () => {
  const { threshold, ...others } = judged;
  expect(read(banded('ANOMALY_DETECTION_BAND(a, 3)'))).toEqual([
    {
      kind: 'anomaly',
      ...named,
      queries: [{ kind: 'metric', id: 'a', metric: metric('a'), statistic: 'p99' }],
      returned: 'a',
      ...others,
      periodSeconds: 300,
      comparison: 'LessThanLowerOrGreaterThanUpperThreshold',
      deviations: 3,
    },
  ]);
});

test('a composite and its suppressor', () => {
  expect(read(SINGLE, COMPOSITE)[1]).toEqual({
    kind: 'composite',
    name: 'baseload-us-page-P0',
    slug: 'page',
    tier: 'P0',
    region: 'us-east-1',
    description: 'P0: nobody can pay',
    actions: { ALARM: ['arn:page'], OK: [], INSUFFICIENT_DATA: [] },
    rule: '(ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:baseload-us-region-unhealthy-P1"))',
    suppressor: { alarm: 'baseload-us-region-unhealthy-P1', waitSeconds: 60, extensionSeconds: 120 },
  });
});

test('an alarm whose actions are not enabled tells nobody', () => {
  expect(read({ ...SINGLE, ActionsEnabled: false })[0]?.actions).toEqual({ ALARM: [], OK: [], INSUFFICIENT_DATA: [] });
});

describe('is refused, by name:', () => {
  const BAND = { ComparisonOperator: 'GreaterThanUpperThreshold', ThresholdMetricId: 'band' };
  test.each<[string, readonly object[], RegExp]>([
    [
      'math that is not known',
      [math('RATE(a)', stat('a'))],
      /^alarm baseload-us-region-unhealthy-P1 of us-east-1: expression e, RATE\(a\): RATE is not known here$/,
    ],
    [
      'an id that is not there',
      [math('a + c', stat('a'))],
      /expression e, a \+ c: c is no metric and no expression of the alarm$/,
    ],
    ['a statistic that is not known', [{ ...SINGLE, Statistic: 'IQM' }], /the statistic IQM is not known here/],
    [
      'a metric that nobody publishes',
      [{ ...SINGLE, Namespace: 'AWS/Route53' }],
      /^alarm baseload-us-region-unhealthy-P1 .* nothing here publishes in AWS\/Route53/,
    ],
    [
      'a band around another metric',
      [banded('ANOMALY_DETECTION_BAND(b, 3)')],
      /its threshold is ANOMALY_DETECTION_BAND\(a, deviations\), got ANOMALY_DETECTION_BAND\(b, 3\)$/,
    ],
    [
      'a band that a threshold is compared with',
      [banded('ANOMALY_DETECTION_BAND(a, 3)', { ComparisonOperator: 'LessThanThreshold' })],
      /property ComparisonOperator: LessThanThreshold is not known here, only LessThanLowerOrGreaterThanUpperThreshold/,
    ],
    [
      'a band of one metric',
      [{ ...SINGLE, ...BAND }],
      /property ComparisonOperator: GreaterThanUpperThreshold is not known here/,
    ],
    ['a unit, which would leave data out', [{ ...SINGLE, Unit: 'Count' }], /property Unit: not known to the emulators/],
    [
      'metrics of several periods',
      [math('a + b', stat('a'), stat('b', 300))],
      /its metrics have one period, got 60, 300$/,
    ],
    [
      'two returned metrics',
      [math('a', { ...stat('a'), ReturnData: true })],
      /one of its metrics is returned, got e, a$/,
    ],
    ['a period under a minute', [{ ...SINGLE, Period: 10 }], /a period is whole minutes here, got 10 s$/],
    [
      'more points than periods',
      [{ ...SINGLE, DatapointsToAlarm: 4 }],
      /DatapointsToAlarm 4 is more than EvaluationPeriods 3$/,
    ],
    [
      'a treatment of gaps that is not known',
      [{ ...SINGLE, TreatMissingData: 'bad' }],
      /TreatMissingData: bad is not known here/,
    ],
    [
      'a name without a tier',
      [{ ...SINGLE, AlarmName: 'baseload-us-x' }],
      /the name baseload-us-x does not tell slug and tier$/,
    ],
    [
      'a rule that cannot be read',
      [SINGLE, { ...COMPOSITE, AlarmRule: 'SOME(x)' }],
      /^alarm baseload-us-page-P0 of us-east-1: SOME is not known in a rule$/,
    ],
    [
      'a rule over an alarm that is not there',
      [SINGLE, { ...COMPOSITE, AlarmRule: 'OK(gone)' }],
      /it looks at the alarm gone, which is not there$/,
    ],
    [
      'a suppressor that is not there',
      [SINGLE, { ...COMPOSITE, ActionsSuppressor: 'gone' }],
      /it looks at the alarm gone, which is not there$/,
    ],
    [
      'a rule over itself',
      [SINGLE, { ...COMPOSITE, AlarmRule: 'NOT OK(baseload-us-page-P0)' }],
      /baseload-us-page-P0 → baseload-us-page-P0 goes in a circle$/,
    ],
  ])('%s', (_what, alarms, message) => {
    expect(() => read(...alarms)).toThrow(message);
  });
});
