// Owns the queues of a Region as SQS and CloudWatch have them: how many wait, how long the oldest has, how many were given up.
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueueName, QUEUES, queueName } from '../../lambdas/shared/names.ts';
import type { Target } from '../target.ts';
import type { QueueSeen } from './vantage.ts';

/** SQS tells the age once a minute, some minutes late. */
const LOOK_BACK_MS = 10 * 60_000;

export const queuesInAws = async (target: Target, region: string): Promise<readonly QueueSeen[]> => {
  const { jurisdiction } = target;
  const sqs = new SQSClient(target.clientSettings('sqs', region));
  try {
    const [ages, ...counts] = await Promise.all([
      agesIn(target, region),
      ...QUEUES.map(async (slug) => ({
        slug,
        visible: await visibleIn(sqs, queueName(jurisdiction, slug)),
        deadLetters: await visibleIn(sqs, deadLetterQueueName(jurisdiction, slug)),
      })),
    ]);
    return counts.map((count) => {
      const oldestAgeMs = ages.get(count.slug);
      return { ...count, ...(oldestAgeMs !== undefined && { oldestAgeMs }) };
    });
  } finally {
    sqs.destroy();
  }
};

const visibleIn = async (sqs: SQSClient, name: string): Promise<number> => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
};

const agesIn = async (target: Target, region: string): Promise<ReadonlyMap<string, number>> => {
  const client = new CloudWatchClient(target.clientSettings('cloudwatch', region));
  const nowMs = Date.now();
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - LOOK_BACK_MS),
        EndTime: new Date(nowMs),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: QUEUES.map((slug, index) => ({
          Id: `q${index}`,
          Label: slug,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: queueName(target.jurisdiction, slug) }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        })),
      }),
    );
    return new Map(
      MetricDataResults.flatMap(({ Label, Values: [latest] = [] }) =>
        Label === undefined || latest === undefined ? [] : [[Label, latest * 1_000] as const],
      ),
    );
  } finally {
    client.destroy();
  }
};
