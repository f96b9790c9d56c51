import { describe, expect, test } from '@jest/globals';
import type { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { LedgerStack } from '../../lib/stacks/ledger.ts';
import { findingsAfter } from './synthesized.ts';

const ledgerOf = (stack: LedgerStack): CfnGlobalTable => stack.node.findChild('Ledger').node.defaultChild as CfnGlobalTable;

describe('what a strongly consistent table cannot have', () => {
  test('a time to live fails the synthesis', () => {
    const findings = findingsAfter(({ ledger }) => {
      ledgerOf(ledger).timeToLiveSpecification = { attributeName: 'expiresAt', enabled: true };
    });
    expect(findings).toEqual([
      'strong-table-without-ttl: baseload-us-ledger/Ledger has a time to live: a table with multi-Region strong consistency cannot, and facts never expire',
    ]);
  });

  test('a local secondary index fails the synthesis', () => {
    const findings = findingsAfter(({ ledger }) => {
      const table = ledgerOf(ledger);
      table.attributeDefinitions = [
        { attributeName: 'pk', attributeType: 'S' },
        { attributeName: 'sk', attributeType: 'S' },
        { attributeName: 'at', attributeType: 'S' },
      ];
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
    });
    expect(findings).toEqual([
      'strong-table-without-lsi: baseload-us-ledger/Ledger has a local secondary index: a table with multi-Region strong consistency cannot, index the views instead',
    ]);
  });

  test('a stream named with a wildcard fails the synthesis', () => {
    const findings = findingsAfter(({ regions }) => {
      const source = regions[0]?.node.findChild('StreamWorker').node.findChild('Source') as { eventSourceArn?: string } | undefined;
      if (source === undefined) throw new Error('no event source');
      source.eventSourceArn = 'arn:aws:dynamodb:us-east-1:111122223333:table/baseload-us-ledger-g1/stream/*';
    });
    expect(findings).toEqual([
      expect.stringMatching(/^exact-stream-arn: baseload-us-region-us-east-1\/StreamWorkerSource\w+ names a stream as "…\/stream\/\*", which does not deploy/),
    ]);
  });
});
