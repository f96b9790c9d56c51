// Owns the tables of one Region alone: its views of the ledger and what it knows of itself and its peer.
// Leaves to the projector what is in them; both can be lost and made again from the ledger.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, type CfnGlobalTable, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BY_TIME_INDEX, TTL_ATTRIBUTE, tableName } from '../../lambdas/shared/names.ts';
import type { RegionScope } from '../region-scope.ts';

export class RegionTables extends Construct {
  constructor(parent: Construct, id: string, { key, config: { jurisdiction } }: RegionScope) {
    super(parent, id);
    const regional = {
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(key),
      // Disposable by design (D4), but a rebuild of a large one takes hours in which lookups fall back to the ledger.
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    };
    const views = new TableV2(this, 'Views', {
      tableName: tableName(jurisdiction, 'views'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      localSecondaryIndexes: [{ indexName: BY_TIME_INDEX, sortKey: { name: 'at', type: AttributeType.STRING } }],
      ...regional,
    });
    const regionState = new TableV2(this, 'RegionState', {
      tableName: tableName(jurisdiction, 'region-state'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      ...regional,
    });
    // Apart from the Region's state: a flood of one account's requests must not slow down what /health reads.
    const requestCounts = new TableV2(this, 'RequestCounts', {
      tableName: tableName(jurisdiction, 'request-counts'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: TTL_ATTRIBUTE,
      ...regional,
    });
    // Apart from the views, whose rows are a pure function of the facts: what is not sealed yet depends on when this Region came by it.
    const sealWork = new TableV2(this, 'SealWork', {
      tableName: tableName(jurisdiction, 'seal-work'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      ...regional,
    });
    (sealWork.node.defaultChild as CfnGlobalTable).overrideLogicalId('SealWork');
    (requestCounts.node.defaultChild as CfnGlobalTable).overrideLogicalId('RequestCounts');
    (views.node.defaultChild as CfnGlobalTable).overrideLogicalId('Views');
    (regionState.node.defaultChild as CfnGlobalTable).overrideLogicalId('RegionState');
  }
}
