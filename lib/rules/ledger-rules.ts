// Owns what a strongly consistent global table cannot have and what only fails when it is deployed, or silently later.
// Neither CDK nor CloudFormation Validate refuses any of it. Leaves residency to residency.ts.
import type { TemplateRule } from './template-rule.ts';

interface GlobalTable {
  readonly Properties?: {
    readonly TableName?: unknown;
    readonly MultiRegionConsistency?: string;
    readonly TimeToLiveSpecification?: unknown;
    readonly LocalSecondaryIndexes?: readonly unknown[];
  };
}

const onStrongTables =
  (
    find: (properties: NonNullable<GlobalTable['Properties']>, name: string) => readonly string[],
  ): TemplateRule['findingsOf'] =>
  ({ logicalId, type, definition, stackPath }) => {
    const { Properties } = definition as GlobalTable;
    if (type !== 'AWS::DynamoDB::GlobalTable' || Properties?.MultiRegionConsistency !== 'STRONG') return [];
    return find(Properties, `${stackPath}/${logicalId}`);
  };

export const LEDGER_RULES: readonly TemplateRule[] = [
  {
    id: 'strong-table-without-ttl',
    findingsOf: onStrongTables(({ TimeToLiveSpecification }, name) =>
      TimeToLiveSpecification === undefined
        ? []
        : [`${name} has a time to live: a table with multi-Region strong consistency cannot, and facts never expire`],
    ),
  },
  {
    id: 'strong-table-without-lsi',
    findingsOf: onStrongTables(({ LocalSecondaryIndexes = [] }, name) =>
      LocalSecondaryIndexes.length === 0
        ? []
        : [
            `${name} has a local secondary index: a table with multi-Region strong consistency cannot, index the views instead`,
          ],
    ),
  },
  {
    id: 'exact-stream-arn',
    findingsOf: ({ logicalId, definition, stackPath }) =>
      JSON.stringify(definition).includes('/stream/*')
        ? [
            `${stackPath}/${logicalId} names a stream as "…/stream/*", which does not deploy: use the ARN that Custom::ReplicaStream found`,
          ]
        : [],
  },
];
