// Owns what a function needs so that FIS can make it fail or wait: AWS's layer, where it looks for faults, and the right to look.
// Leaves to game-days/experiments.ts which functions those are. Without game days no function carries any of it.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type ILayerVersion, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Slug } from '../../lambdas/shared/names.ts';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import { FAULT_TARGETS } from '../game-days/experiments.ts';
import { EXTENSION_PARAMETER, FAULT_PREFIX, faultBucketName } from '../game-days/names.ts';
import type { RegionScope } from '../region-scope.ts';

/** Source: FIS user guide, "Use the AWS FIS aws:lambda:function actions". */
export const carriesFaults = ({ config }: RegionScope, slug: Slug): boolean =>
  config.gameDays !== undefined && (FAULT_TARGETS as readonly Slug[]).includes(slug);

export const faultLayer = (parent: Construct): ILayerVersion =>
  LayerVersion.fromLayerVersionArn(
    parent,
    'FaultExtension',
    StringParameter.valueForStringParameter(parent, EXTENSION_PARAMETER),
  );

export const faultEnvironment = (scope: RegionScope): Readonly<Record<string, string>> => ({
  AWS_LAMBDA_EXEC_WRAPPER: '/opt/aws-fis/bootstrap',
  AWS_FIS_CONFIGURATION_LOCATION: `${bucketArn(scope)}/${FAULT_PREFIX}`,
  // Our functions end before a poll does: without waiting for it they would meet a fault only when they start.
  AWS_FIS_POLL_MAX_WAIT_MILLISECONDS: '2000',
  AWS_FIS_LOG_LEVEL: 'WARN',
});

export const readsFaults = (scope: RegionScope): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: 'FindFaults',
    actions: ['s3:ListBucket'],
    resources: [bucketArn(scope)],
    conditions: { StringLike: { 's3:prefix': [`${FAULT_PREFIX}*`] } },
  }),
  new PolicyStatement({
    sid: 'ReadFaults',
    actions: ['s3:GetObject'],
    resources: [`${bucketArn(scope)}/${FAULT_PREFIX}*`],
  }),
];

/** Of a role that may read faults, or write them. */
export const acknowledgeFaultObjects = (role: Construct, { region, config }: FaultPlace): void => {
  const bucket = faultBucketName(config.jurisdiction, region, accountInFindings(config));
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:aws:s3:::${bucket}/${FAULT_PREFIX}*]`,
    'FIS names the objects itself; below the prefix there is nothing but which faults are active',
  );
};

export type FaultPlace = Pick<RegionScope, 'stack' | 'region' | 'config'>;

export const bucketArn = ({ stack, region, config }: FaultPlace): string =>
  `arn:aws:s3:::${faultBucketName(config.jurisdiction, region, stack.account)}`;
