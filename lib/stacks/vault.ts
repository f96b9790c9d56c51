// Owns the vault of one Region that backups are kept in, and copied to. Deployed before the ledger, whose plan names both vaults.
// Leaves to constructs/table-backups.ts what is backed up, when, and for how long.
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';
import type { BaseloadConfig } from '../config.ts';
import { backupVaultName } from '../names.ts';
import { ownKey } from '../region-scope.ts';

/** The least that AWS takes: for so long a lock that nobody can lift may still be taken back. */
const SECOND_THOUGHTS_DAYS = 3;

export interface VaultStackProps extends StackProps {
  readonly config: BaseloadConfig;
}

export class VaultStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: VaultStackProps) {
    super(scope, id, props);
    const { lockMode, backupDays } = config.retention;
    new BackupVault(this, 'Vault', {
      backupVaultName: backupVaultName(config.jurisdiction),
      encryptionKey: ownKey(this, config),
      lockConfiguration: {
        minRetention: Duration.days(backupDays),
        ...(lockMode === 'COMPLIANCE' ? { changeableFor: Duration.days(SECOND_THOUGHTS_DAYS) } : {}),
      },
      // Also of those that a lock does not hold yet: a backup goes when its time is over, never by hand.
      blockRecoveryPointDeletion: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
