// Owns what is backed up every day, and where the copies go: the vault of the owner Region, the other Region's, another account's.
// Leaves to stacks/vault.ts the vaults, to each table its point-in-time recovery. Views and what counts requests are disposable.
import { Duration, type Stack } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BaseloadConfig } from '../config.ts';
import { backupVaultArn, backupVaultName } from '../names.ts';
import { ownKey } from '../region-scope.ts';

/** Before the bill run, after the day's last readings of the Americas. */
const HOUR_UTC = 5;

export interface TableBackupsProps {
  readonly config: BaseloadConfig;
  readonly tables: readonly TableV2[];
}

export class TableBackups extends Construct {
  constructor(stack: Stack, id: string, { config, tables }: TableBackupsProps) {
    super(stack, id);
    const { jurisdiction, regions, ownerRegion, retention } = config;
    const deleteAfter = Duration.days(retention.backupDays);
    const copies = [
      ...regions
        .filter((region) => region !== ownerRegion)
        .map((region) => backupVaultArn(stack, jurisdiction, region)),
      ...(retention.copyBackupsTo === undefined ? [] : [retention.copyBackupsTo]),
    ];
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: `baseload-${jurisdiction}-daily`,
      backupVault: BackupVault.fromBackupVaultName(this, 'Own', backupVaultName(jurisdiction)),
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'daily',
          scheduleExpression: Schedule.cron({ hour: String(HOUR_UTC), minute: '0' }),
          deleteAfter,
          copyActions: copies.map((arn, index) => ({
            destinationBackupVault: BackupVault.fromBackupVaultArn(this, `Copy${index}`, arn),
            deleteAfter,
          })),
        }),
      ],
    });
    const tableArns = tables.map(({ tableArn }) => tableArn);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      description: `Backs up the tables of Baseload ${jurisdiction}`,
      inlinePolicies: {
        backup: new PolicyDocument({ statements: [...backsUp(stack, config, tableArns, copies)] }),
      },
    });
    plan.addSelection('Tables', {
      backupSelectionName: 'tables',
      // All rights are in the role above: the library would attach AWS's policy, which reaches every resource of the account.
      role: role.withoutPolicyUpdates(),
      disableDefaultBackupPolicy: true,
      resources: tableArns.map((arn) => BackupResource.fromArn(arn)),
    });
  }
}

/** What AWS's own policy for backups says of DynamoDB and of copies, on these tables and vaults alone. */
const backsUp = (
  stack: Stack,
  config: BaseloadConfig,
  tableArns: readonly string[],
  copies: readonly string[],
): readonly PolicyStatement[] => {
  const { jurisdiction, ownerRegion } = config;
  const ownVault = backupVaultArn(stack, jurisdiction, ownerRegion);
  return [
    new PolicyStatement({
      sid: 'BackUpTables',
      actions: [
        'dynamodb:CreateBackup',
        'dynamodb:DescribeTable',
        'dynamodb:ListTagsOfResource',
        'dynamodb:StartAwsBackupJob',
      ],
      resources: [...tableArns],
    }),
    new PolicyStatement({ sid: 'CopyBackups', actions: ['backup:CopyFromBackupVault'], resources: [ownVault] }),
    new PolicyStatement({
      sid: 'KeepBackups',
      actions: ['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'],
      resources: [ownVault, ...copies],
    }),
    new PolicyStatement({
      sid: 'ReadAndWriteEncrypted',
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: [ownKey(stack, config).keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['dynamodb', 'backup'].map((service) => `${service}.${ownerRegion}.amazonaws.com`),
        },
      },
    }),
  ];
};
