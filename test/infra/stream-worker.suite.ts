import { describe, expect, test } from '@jest/globals';
import { onlyResource, resourcesOf, stackNamed, synthesize } from './synthesized.ts';

const region = stackNamed(synthesize(), 'baseload-us-region-us-west-2');
const stream = onlyResource(region, 'Custom::ReplicaStream');
const streamArn = { 'Fn::GetAtt': [stream.logicalId, 'StreamArn'] };
const [source, ...others] = resourcesOf(region, 'AWS::Lambda::EventSourceMapping').filter(
  ({ Properties }) => JSON.stringify(Properties.EventSourceArn) === JSON.stringify(streamArn),
);

describe('the stream worker', () => {
  test('its own Region’s function finds the stream; a new generation of the table is looked up anew', () => {
    expect(stream.Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/ReplicaStreamFunction/), 'Arn'] },
      ServiceTimeout: '900',
      TableName: 'baseload-us-ledger-g1',
      Generation: 'g1',
    });
  });

  test('there is one consumer, on the live alias, with bounded retries and a place for what they cannot apply', () => {
    expect(others).toEqual([]);
    expect(source?.Properties).toEqual({
      FunctionName: { Ref: expect.stringMatching(/ProjectFactsLive/) },
      EventSourceArn: streamArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 21_600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/FailuresQueue/), 'Arn'] } },
      },
    });
  });

  test('the failure queue is encrypted, takes TLS only and keeps messages as long as there is', () => {
    region.template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'baseload-us-project-facts-failures',
      KmsMasterKeyId: { 'Fn::ImportValue': 'baseload-us-key-arn' },
      MessageRetentionPeriod: 1_209_600,
    });
    // Kept for ever, but a first deployment that fails must not leave it behind to block its own name.
    const failures = resourcesOf(region, 'AWS::SQS::Queue').find(({ Properties }) =>
      JSON.stringify(Properties.QueueName).includes('project-facts-failures'),
    );
    expect(failures?.DeletionPolicy).toBe('RetainExceptOnCreate');
    const [policy] = resourcesOf(region, 'AWS::SQS::QueuePolicy').filter(({ Properties }) =>
      JSON.stringify(Properties.Queues).includes('StreamWorkerFailures'),
    );
    expect(JSON.stringify(policy?.Properties)).toContain(
      '{"Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });
});

test('views and region state belong to one Region, encrypted and recoverable', () => {
  const tables = resourcesOf(region, 'AWS::DynamoDB::GlobalTable');
  expect(tables.map(({ Properties }) => Properties.TableName)).toEqual([
    'baseload-us-views-g1',
    'baseload-us-region-state-g1',
    'baseload-us-request-counts-g1',
    'baseload-us-seal-work-g1',
  ]);
  for (const { Properties } of tables) {
    expect(Properties.Replicas).toEqual([
      {
        Region: 'us-west-2',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { KMSMasterKeyId: { 'Fn::ImportValue': 'baseload-us-key-arn' } },
      },
    ]);
  }
  expect(tables[0]?.Properties.LocalSecondaryIndexes).toEqual([
    {
      IndexName: 'by-time',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ]);
});
