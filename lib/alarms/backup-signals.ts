// Owns when backups are not made: jobs and copies that AWS Backup counts as failed, aborted or expired.
// Leaves to constructs/table-backups.ts what is backed up, and when. Source: AWS Backup developer guide, "Metrics with CloudWatch".
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { BaseloadConfig } from '../config.ts';
import { backupVaultName } from '../names.ts';
import { total } from './metrics.ts';
import { AT_LEAST, type Threshold } from './signal.ts';

/** Aborted is a job that did not begin within its window, expired a backup that could not be deleted when its time was over. */
const TROUBLES = {
  failed: 'NumberOfBackupJobsFailed',
  aborted: 'NumberOfBackupJobsAborted',
  expired: 'NumberOfBackupJobsExpired',
  copiesFailed: 'NumberOfCopyJobsFailed',
} as const;

/** Of an hour, held for six: jobs run once a day, and it shall not be over before somebody has looked. */
const PERIODS = 6;

/**
 * Jobs run in the owner Region, and a copy is counted where it is taken from. The other Region has the same alarm on its own vault, for
 * the day on which it owns the ledger.
 */
export const backupsFailed = ({ jurisdiction }: BaseloadConfig): Threshold => {
  const counted = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/Backup',
      metricName,
      dimensionsMap: { BackupVaultName: backupVaultName(jurisdiction) },
      statistic: Stats.SUM,
    });
  const metrics = Object.fromEntries(Object.entries(TROUBLES).map(([id, name]) => [id, counted(name)]));
  return {
    metric: total(metrics, 'backups and copies not made', Duration.hours(1)),
    threshold: 1,
    comparison: AT_LEAST,
    periods: PERIODS,
    breaches: 1,
    missing: 'silent is fine',
  };
};
