// Owns the tables that span Regions: the ledger (strongly consistent, immutable facts) and those of what is not money.
// Leaves the regional tables to the Region stacks, and the rule that the ledger takes no TTL and no LSI to checks.ts.
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  MultiRegionConsistency,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { MAIL_MARK_TTL, tableName } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { TableBackups } from '../constructs/table-backups.ts';
import { keyAliasArn } from '../names.ts';

export interface LedgerStackProps extends StackProps {
  readonly config: BaseloadConfig;
}

const SAFE = {
  billing: Billing.onDemand(),
  removalPolicy: RemovalPolicy.RETAIN,
  deletionProtection: true,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
} as const satisfies Partial<TablePropsV2>;

export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: LedgerStackProps) {
    super(scope, id, props);
    const { jurisdiction, ledgerGeneration, regions, ownerRegion, witnessRegion } = config;
    const peers = regions.filter((region) => region !== ownerRegion);
    const encryption = TableEncryptionV2.customerManagedKey(
      Key.fromKeyArn(this, 'OwnerKey', keyAliasArn(this, jurisdiction, ownerRegion)),
      Object.fromEntries(peers.map((region) => [region, keyAliasArn(this, jurisdiction, region)])),
    );
    const replicas = peers.map((region) => ({
      region,
      deletionProtection: SAFE.deletionProtection,
      pointInTimeRecoverySpecification: SAFE.pointInTimeRecoverySpecification,
    }));

    const ledger = new TableV2(this, 'Ledger', {
      tableName: tableName(jurisdiction, 'ledger', ledgerGeneration),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      multiRegionConsistency: MultiRegionConsistency.STRONG,
      witnessRegion,
      dynamoStream: StreamViewType.NEW_IMAGE,
      replicas,
      encryption,
      ...SAFE,
    });
    const profiles = new TableV2(this, 'Profiles', {
      tableName: tableName(jurisdiction, 'profiles'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      // Of the marks of sent mails alone: no profile has the attribute.
      timeToLiveAttribute: MAIL_MARK_TTL,
      replicas,
      encryption,
      ...SAFE,
    });
    const catalog = new TableV2(this, 'Catalog', {
      tableName: tableName(jurisdiction, 'catalog'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      replicas,
      encryption,
      ...SAFE,
    });
    const readings = new TableV2(this, 'Readings', {
      tableName: tableName(jurisdiction, 'readings'),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      replicas,
      encryption,
      ...SAFE,
    });
    new TableBackups(this, 'Backups', { config, tables: [ledger, profiles, catalog, readings] });
    // Another logical id would make CloudFormation create a second table: these never change.
    pinLogicalId(ledger, 'Ledger');
    pinLogicalId(profiles, 'Profiles');
    pinLogicalId(readings, 'Readings');
    pinLogicalId(catalog, 'Catalog');
    new CfnOutput(this, 'LedgerTable', { value: ledger.tableName, description: 'The same name in both Regions' });
    new CfnOutput(this, 'ProfilesTable', { value: profiles.tableName, description: 'The same name in both Regions' });
  }
}

const pinLogicalId = (table: TableV2, logicalId: string): void => {
  (table.node.defaultChild as CfnGlobalTable).overrideLogicalId(logicalId);
};
