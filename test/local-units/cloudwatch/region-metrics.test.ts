import { expect, test } from '@jest/globals';
import type { MetricId } from '../../../local/cloudwatch/alarm-plan.ts';
import { unpublished } from '../../../local/cloudwatch/published.ts';
import { RegionMetrics } from '../../../local/cloudwatch/region-metrics.ts';
import { parseEmf } from '../../../local/lambda/emf.ts';
import type { InvocationResult } from '../../../local/lambda/invocation.ts';

const begin = () => {
  const published: { readonly metric: MetricId; readonly line: string }[] = [];
  let nowMs = 1_000;
  const metrics = new RegionMetrics(
    {
      publish: (metric, values, atMs) => {
        const dimensions = Object.values(metric.dimensions).join(',');
        published.push({
          metric,
          line: `${atMs} ${metric.namespace} ${metric.name} ${dimensions} ${values.join('+')}`,
        });
      },
    },
    () => nowMs,
  );
  return {
    metrics,
    published,
    lines: () => published.splice(0).map(({ line }) => line),
    pass: (ms: number) => (nowMs += ms),
  };
};
const PLAN = {
  functions: [{ name: 'baseload-us-health' }, { name: 'baseload-us-project-facts' }],
  queues: [{ name: 'q' }],
  streamSources: [{ functionName: 'baseload-us-project-facts' }],
  certificates: ['arn:certificate'],
  eventRules: [{ name: 'rollbacks' }],
};

test('what a handler wrote as EMF is published under its own name and time', () => {
  const { metrics, lines } = begin();
  const directive = {
    Namespace: 'Baseload',
    Dimensions: [['service']],
    Metrics: [{ Name: 'RegionHealthy', Unit: 'Count' }],
  };
  const document = {
    _aws: { Timestamp: 77, CloudWatchMetrics: [directive] },
    service: 'health',
    RegionHealthy: [1, 0],
  };
  metrics.emf(parseEmf(JSON.stringify(document)) ?? []);
  expect(lines()).toEqual(['77 Baseload RegionHealthy health 1+0']);
});

test.each<[string, InvocationResult, readonly string[]]>([
  [
    'an invocation',
    { kind: 'returned', requestId: 'r', payload: '{}' },
    ['Throttles 0', 'Invocations 1', 'ConcurrentExecutions 1', 'Errors 0', 'Duration 250'],
  ],
  [
    'one that fails',
    { kind: 'failed', requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } },
    ['Throttles 0', 'Invocations 1', 'ConcurrentExecutions 1', 'Errors 1', 'Duration 250'],
  ],
  ['one that is throttled', { kind: 'throttled' }, ['Throttles 1']],
])(
  '%s is counted under the function and, but for how many there are at once, under its alias',
  async (_what, result, expected) => {
    const { metrics, lines, pass } = begin();
    const invoke = metrics.metered(async () => {
      pass(250);
      return result;
    });
    expect(await invoke('baseload-us-health', '{}')).toBe(result);
    const both = expected.flatMap((line) => {
      const [name, value] = line.split(' ');
      const aliases = name === 'ConcurrentExecutions' ? [] : ['baseload-us-health,baseload-us-health:live'];
      return ['baseload-us-health', ...aliases].map((dimensions) => `1250 AWS/Lambda ${name} ${dimensions} ${value}`);
    });
    expect(lines()).toEqual(both);
  },
);

test('how many invocations of a function there are at once is counted as each begins', async () => {
  const { metrics, lines } = begin();
  const ends: (() => void)[] = [];
  const invoke = metrics.metered(
    () =>
      new Promise((resolve) => {
        ends.push(() => resolve({ kind: 'returned', requestId: 'r', payload: '' }));
      }),
  );
  const three = ['baseload-us-health', 'baseload-us-health', 'baseload-us-lookup'].map((name) => invoke(name, '{}'));
  for (const end of ends.splice(0)) end();
  await Promise.all(three);
  const next = invoke('baseload-us-health', '{}');
  for (const end of ends) end();
  await next;
  expect(lines().filter((line) => line.includes('ConcurrentExecutions'))).toEqual([
    '1000 AWS/Lambda ConcurrentExecutions baseload-us-health 1',
    '1000 AWS/Lambda ConcurrentExecutions baseload-us-health 2',
    '1000 AWS/Lambda ConcurrentExecutions baseload-us-lookup 1',
    '1000 AWS/Lambda ConcurrentExecutions baseload-us-health 1',
  ]);
});

test('days to expiry are published twice a day', () => {
  const { metrics, lines, pass } = begin();
  const certificates = { daysToExpiry: () => [{ arn: 'arn:certificate', days: 197 }] };
  for (const ms of [0, 43_199_999, 1]) {
    pass(ms);
    metrics.certificates(certificates);
  }
  expect(lines()).toEqual([
    '1000 AWS/CertificateManager DaysToExpiry arn:certificate 197',
    '43201000 AWS/CertificateManager DaysToExpiry arn:certificate 197',
  ]);
});

test('of each queue the age of its oldest message, seconds, and how many can be received', () => {
  const { metrics, lines } = begin();
  const plan = { name: 'q' } as Parameters<RegionMetrics['queues']>[0][number]['plan'];
  const state = { slug: 'q', visible: 3, inFlight: 1, delayed: 0, oldestAgeMs: 61_999, dlq: 0 };
  metrics.queues([{ plan, state: () => state }]);
  expect(lines()).toEqual([
    '1000 AWS/SQS ApproximateAgeOfOldestMessage q 61',
    '1000 AWS/SQS ApproximateNumberOfMessagesVisible q 3',
  ]);
});

test('whatever is measured counts as published', async () => {
  const { metrics, published } = begin();
  await metrics.metered(async () => ({ kind: 'throttled' }))('baseload-us-health', '{}');
  await metrics.metered(async () => ({ kind: 'returned', requestId: 'r', payload: '' }))('baseload-us-health', '{}');
  metrics.iteratorAge('baseload-us-project-facts', 5);
  const state = { slug: 'q', visible: 0, inFlight: 0, delayed: 0, oldestAgeMs: 0, dlq: 0 };
  metrics.queues([
    { plan: { name: 'q' } as Parameters<RegionMetrics['queues']>[0][number]['plan'], state: () => state },
  ]);
  metrics.certificates({ daysToExpiry: () => [{ arn: 'arn:certificate', days: 1 }] });
  expect(published.flatMap(({ metric }) => unpublished(metric, PLAN) ?? [])).toEqual([]);
});

test.each<[MetricId, string]>([
  [
    { namespace: 'AWS/DynamoDB', name: 'ReplicationLatency', dimensions: {} },
    'nothing here publishes in AWS/DynamoDB, as for AWS/DynamoDB ReplicationLatency {}',
  ],
  [
    { namespace: 'Baseload', name: 'RegionHealthy', dimensions: { service: 'nobody' } },
    'no handler publishes Baseload RegionHealthy {"service":"nobody"}',
  ],
  [{ namespace: 'Baseload', name: 'RegionHealthy', dimensions: {} }, 'no handler publishes Baseload RegionHealthy {}'],
  [
    { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'gone' } },
    'AWS/Lambda Errors {"FunctionName":"gone"} is not measured here',
  ],
  [
    { namespace: 'AWS/Lambda', name: 'IteratorAge', dimensions: { FunctionName: 'baseload-us-health' } },
    'AWS/Lambda IteratorAge {"FunctionName":"baseload-us-health"} is not measured here',
  ],
  [
    { namespace: 'AWS/SQS', name: 'NumberOfMessagesSent', dimensions: { QueueName: 'q' } },
    'AWS/SQS NumberOfMessagesSent {"QueueName":"q"} is not measured here',
  ],
  [
    { namespace: 'AWS/Events', name: 'TriggeredRules', dimensions: { RuleName: 'other' } },
    'AWS/Events TriggeredRules {"RuleName":"other"} is not measured here',
  ],
  [
    { namespace: 'AWS/CertificateManager', name: 'DaysToExpiry', dimensions: { CertificateArn: 'arn:other' } },
    'AWS/CertificateManager DaysToExpiry {"CertificateArn":"arn:other"} is not measured here',
  ],
])('%j would wait for data that never comes', (metric, reason) => {
  expect(unpublished(metric, PLAN)).toBe(reason);
});
