import { describe, expect, test } from '@jest/globals';
import { deadLetterQueueName, QUEUE_WORKERS, QUEUES, queueName } from '../../lambdas/shared/names.ts';
import { REDRIVES } from '../../lambdas/shared/policies.ts';
import { resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const region = stackNamed(synthesize(), 'baseload-us-region-us-west-2');
const queues = resourcesOf(region, 'AWS::SQS::Queue');
const sources = resourcesOf(region, 'AWS::Lambda::EventSourceMapping');
const named = (name: string) => {
  const found = queues.find(({ Properties }) => Properties.QueueName === name);
  if (found === undefined) throw new Error(`no queue ${name}`);
  return found;
};

describe.each(QUEUES)('queue %s', (slug) => {
  const queue = named(queueName('us', slug));
  const deadLetters = named(deadLetterQueueName('us', slug));
  const source = sources.find(({ Properties }) =>
    JSON.stringify(Properties.EventSourceArn).includes(`"${queue.logicalId}"`),
  );

  test('gives up into its DLQ, which takes from it alone and keeps messages longer', () => {
    expect(queue.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters.logicalId, 'Arn'] },
      maxReceiveCount: 5,
    });
    expect(JSON.stringify(deadLetters.Properties.RedriveAllowPolicy)).toContain(`:baseload-us-${slug}"`);
    expect([queue.Properties.MessageRetentionPeriod, deadLetters.Properties.MessageRetentionPeriod]).toEqual([
      604_800, 1_209_600,
    ]);
  });

  test('both are encrypted, kept, and take TLS only', () => {
    for (const one of [queue, deadLetters]) {
      expect(one.Properties.KmsMasterKeyId).toEqual({ 'Fn::ImportValue': 'baseload-us-key-arn' });
      expect(one.DeletionPolicy).toBe('RetainExceptOnCreate');
      const policy = resourcesOf(region, 'AWS::SQS::QueuePolicy').find(({ Properties }) =>
        JSON.stringify(Properties.Queues).includes(`"${one.logicalId}"`),
      );
      expect(JSON.stringify(policy?.Properties)).toContain(
        '{"Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
      );
    }
  });

  test('its live worker gets batches, says which messages failed, and is never given more than is reserved for it', () => {
    const worker = QUEUE_WORKERS[slug];
    const fn = resourcesOf(region, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === `baseload-us-${worker}`,
    );
    expect(source?.Properties).toMatchObject({
      FunctionName: { Ref: expect.stringMatching(/Live/) },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const { MaximumConcurrency } = (source?.Properties.ScalingConfig ?? {}) as { readonly MaximumConcurrency?: number };
    expect(MaximumConcurrency).toBeLessThanOrEqual(usConfig().reservedConcurrency[worker]);
    expect(Number(queue.Properties.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * Number(fn?.Properties.Timeout));
  });
});

test('the state of the view is looked at every minute', () => {
  const schedule = resourcesOf(region, 'AWS::Scheduler::Schedule').find(
    ({ Properties }) => Properties.Name === 'baseload-us-rehydrate-view',
  );
  expect(schedule?.Properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    Target: { Arn: { Ref: expect.stringMatching(/^RehydrateViewLive/) }, RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
});

test('the sweep is called every five minutes, by a role that may call nothing else', () => {
  const schedule = resourcesOf(region, 'AWS::Scheduler::Schedule').find(
    ({ Properties }) => Properties.Name === 'baseload-us-sweep',
  );
  expect(schedule?.Properties).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: { Ref: expect.stringMatching(/^SweepLive/) }, RetryPolicy: { MaximumRetryAttempts: 2 } },
  });
  const role = resourcesOf(region, 'AWS::IAM::Role').find(
    ({ Properties }) => Properties.Description === 'Calls baseload-us-sweep in us-west-2 when it is due',
  );
  expect(JSON.stringify(role?.Properties.Policies)).toContain('"Action":"lambda:InvokeFunction"');
});

test('dead letters are looked at every five minutes, unless the config says no', () => {
  const scheduled = (stack: typeof region) =>
    resourcesOf(stack, 'AWS::Scheduler::Schedule').filter(
      ({ Properties }) => Properties.Name === 'baseload-us-redrive',
    );
  expect(scheduled(region).map(({ Properties }) => Properties)).toMatchObject([
    { ScheduleExpression: 'rate(5 minutes)', Target: { RetryPolicy: { MaximumRetryAttempts: 0 } } },
  ]);
  const off = synthesize({ ...usConfig(), remediation: 'off' });
  expect(scheduled(stackNamed(off, 'baseload-us-region-us-west-2'))).toEqual([]);
});

test('a trouble is called over only when every queue has shown all that it hid meanwhile', () => {
  const timeouts = resourcesOf(region, 'AWS::SQS::Queue').map(({ Properties }) => Number(Properties.VisibilityTimeout));
  expect(REDRIVES.calmMs).toBeGreaterThan(1_000 * Math.max(...timeouts.filter(Number.isFinite)));
});

test('reconciliation runs every hour from eight in the morning, in the second Region half an hour later', () => {
  const expressionIn = (name: string) =>
    resourcesOf(stackNamed(synthesize(), `baseload-us-region-${name}`), 'AWS::Scheduler::Schedule').find(
      ({ Properties }) => Properties.Name === 'baseload-us-reconcile',
    )?.Properties.ScheduleExpression;
  expect([expressionIn('us-east-1'), expressionIn('us-west-2')]).toEqual([
    'cron(0 8-20 * * ? *)',
    'cron(30 8-20 * * ? *)',
  ]);
});
