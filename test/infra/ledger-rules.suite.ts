import { describe, expect, test } from '@jest/globals';
import type { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { findingsAfter } from './synthesized.ts';

/** All at once: a synthesis takes a second, and each is a finding of its own. */
const findings = findingsAfter(({ ledger, regions }) => {
  const table = ledger.node.findChild('Ledger').node.defaultChild as CfnGlobalTable;
  table.timeToLiveSpecification = { attributeName: 'expiresAt', enabled: true };
  table.attributeDefinitions = ['pk', 'sk', 'at'].map((attributeName) => ({ attributeName, attributeType: 'S' }));
  table.localSecondaryIndexes = [
    {
      indexName: 'by-time',
      keySchema: [
        { attributeName: 'pk', keyType: 'HASH' },
        { attributeName: 'at', keyType: 'RANGE' },
      ],
      projection: { projectionType: 'ALL' },
    },
  ];
  const source = regions[0]?.node.findChild('StreamWorker').node.findChild('Source') as CfnEventSourceMapping;
  source.eventSourceArn = 'arn:aws:dynamodb:us-east-1:111122223333:table/baseload-us-ledger-g1/stream/*';
});

describe('what neither CDK nor CloudFormation Validate refuses fails the synthesis', () => {
  test('a time to live on the ledger', () => {
    expect(findings).toContain(
      'strong-table-without-ttl: baseload-us-ledger/Ledger has a time to live: a table with multi-Region strong consistency cannot, and facts never expire',
    );
  });

  test('a local secondary index on the ledger', () => {
    expect(findings).toContain(
      'strong-table-without-lsi: baseload-us-ledger/Ledger has a local secondary index: a table with multi-Region strong consistency cannot, index the views instead',
    );
  });

  test('a stream named with a wildcard', () => {
    expect(findings).toContain(
      'exact-stream-arn: baseload-us-region-us-east-1/StreamWorkerSource144C6F10 names a stream as "…/stream/*", which does not deploy: use the ARN that Custom::ReplicaStream found',
    );
  });

  test('nothing else', () => {
    expect(findings).toHaveLength(3);
  });
});
