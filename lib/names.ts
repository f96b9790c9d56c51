// Owns the deterministic names that stacks know each other by, since nothing refers across stacks of two Regions.
// Leaves the names that handlers know too to lambdas/shared/names.ts.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import {
  archiveBucketName,
  deadLetterQueueName,
  GENERATION,
  type QueueSlug,
  queueName,
} from '../lambdas/shared/names.ts';

export const keyAlias = (jurisdiction: string): string => `alias/baseload-${jurisdiction}`;

/** CloudFormation export of the Region's own key, read in the same Region only: log groups and policies need the ARN itself. */
export const keyArnExport = (jurisdiction: string): string => `baseload-${jurisdiction}-key-arn`;

/** `us-east-1.billing.example.com`: one Region, whatever its health. */
export const regionalHostname = (region: string, hostname: string): string => `${region}.${hostname}`;

/** Where the stream worker of a Region leaves what it could not apply. */
export const failureQueueName = (jurisdiction: string): string => `baseload-${jurisdiction}-project-facts-failures`;

export { codeDeployApplicationName } from '../lambdas/shared/names.ts';
export { stackName } from './stack-name.ts';

/** The rule of EventBridge that a deployment matches which CodeDeploy stopped or gave up. */
export const rollbacksRuleName = (jurisdiction: string): string => `baseload-${jurisdiction}-rollbacks`;

/** The domain of the address that notices come from: the identity in SES. */
export const senderDomain = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

export const tableArn = (scope: Stack, table: string): string =>
  scope.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table });

/** A queue of the stack's own Region, by its name: roles are made before the queues they name. */
export const queueArn = (scope: Stack, jurisdiction: string, queue: QueueSlug): string =>
  scope.formatArn({ service: 'sqs', resource: queueName(jurisdiction, queue) });

export const deadLetterQueueArn = (scope: Stack, jurisdiction: string, queue: QueueSlug): string =>
  scope.formatArn({ service: 'sqs', resource: deadLetterQueueName(jurisdiction, queue) });

/** The vault of a Region that backups are kept in. */
export const backupVaultName = (jurisdiction: string): string => `baseload-${jurisdiction}-${GENERATION}`;

/** In any Region: plans name the vault that copies go to, and nothing refers to it. */
export const backupVaultArn = (scope: Stack, jurisdiction: string, region: string): string =>
  scope.formatArn({
    service: 'backup',
    region,
    resource: 'backup-vault',
    resourceName: backupVaultName(jurisdiction),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export const archiveBucketArn = (scope: Stack, jurisdiction: string): string =>
  `arn:aws:s3:::${archiveBucketName(jurisdiction, scope.region, scope.account)}`;

/** What the URL of a queue begins with, as AWS makes it; its name follows. */
export const queueUrlBase = ({ region, account, urlSuffix }: Stack): string =>
  `https://sqs.${region}.${urlSuffix}/${account}/`;

/** What the ARN of a topic begins with; its name follows. */
export const topicArnBase = (scope: Stack): string => scope.formatArn({ service: 'sns', resource: '' });

/** The ARN that a key has in any Region through its fixed alias; DynamoDB takes it for a replica's key. */
export const keyAliasArn = (scope: Stack, jurisdiction: string, region: string): string =>
  scope.formatArn({ service: 'kms', region, resource: keyAlias(jurisdiction), arnFormat: ArnFormat.NO_RESOURCE_NAME });
