import {
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { LEDGER, refusalOf } from './ledger-fixture.ts';
import { ledgerOfThisFile } from './ledger-of-this-file.ts';

const running = ledgerOfThisFile();

describe('what DynamoDB refuses on an MRSC table', () => {
  const suffix = 'not supported on global tables configured for multi-Region strong consistency (MRSC)';

  test('transactions', async () => {
    const Put = { TableName: LEDGER, Item: { pk: { S: 'us_t' }, sk: { S: 'p#1#000' } } };
    expect(await refusalOf(running.east.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })))).toEqual({
      name: 'ValidationException',
      message: `Transactions are ${suffix}`,
      status: 400,
    });
    const Key = { pk: { S: 'us_t' }, sk: { S: 'p#1#000' } };
    const { Item } = await running.east.send(new GetItemCommand({ TableName: LEDGER, Key, ConsistentRead: true }));
    expect(Item).toBeUndefined();
  });

  test('time to live', async () => {
    const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
    const request = running.east.send(new UpdateTimeToLiveCommand({ TableName: LEDGER, TimeToLiveSpecification }));
    expect(await refusalOf(request)).toEqual({
      name: 'ValidationException',
      message: `Time to Live is ${suffix}`,
      status: 400,
    });
  });

  test('local secondary indexes', async () => {
    const request = running.east.send(
      new CreateTableCommand({
        TableName: LEDGER,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        LocalSecondaryIndexes: [{ IndexName: 'by-time', KeySchema: [], Projection: { ProjectionType: 'ALL' } }],
      }),
    );
    expect((await refusalOf(request)).message).toBe(`Local secondary indexes are ${suffix}`);
  });

  test('a table that is not there', async () => {
    expect(await refusalOf(running.east.send(new DescribeTableCommand({ TableName: 'nothing' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: nothing not found',
      status: 400,
    });
  });
});

describe('the description of a replica', () => {
  test('is the one of the Region that is asked', async () => {
    const { Table } = await running.west.send(new DescribeTableCommand({ TableName: LEDGER }));
    expect(Table).toMatchObject({
      TableArn: 'arn:aws:dynamodb:us-west-2:111111111111:table/baseload-us-ledger-g1',
      LatestStreamArn:
        'arn:aws:dynamodb:us-west-2:111111111111:table/baseload-us-ledger-g1/stream/2026-01-01T00:00:00.000',
      LatestStreamLabel: '2026-01-01T00:00:00.000',
      MultiRegionConsistency: 'STRONG',
      Replicas: [{ RegionName: 'us-east-1', ReplicaStatus: 'ACTIVE' }],
      GlobalTableWitnesses: [{ RegionName: 'us-east-2', WitnessStatus: 'ACTIVE' }],
    });
  });
});
