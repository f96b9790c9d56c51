// Owns what the payer from outside may do: read its own credentials, keep and tell its runs.
// Leaves to stacks/outside.ts the canary. Source: CloudWatch user guide, "Required roles and permissions for canaries".
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import type { BaseloadConfig } from '../config.ts';

export interface OutsideRoleProps {
  readonly config: BaseloadConfig;
  readonly canaryName: string;
  readonly secretName: string;
  readonly bucket: IBucket;
  /** In the bucket. */
  readonly prefix: string;
}

export const outsideRole = (stack: Stack, props: OutsideRoleProps): Role => {
  const { config, canaryName, secretName, bucket, prefix } = props;
  const named = (service: string, resource: string, resourceName: string): string =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${canaryName} may do in ${stack.region}`,
    inlinePolicies: {
      payer: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'ReadCredentials',
            actions: ['secretsmanager:GetSecretValue'],
            resources: [named('secretsmanager', 'secret', `${secretName}-??????`)],
          }),
          new PolicyStatement({
            sid: 'KeepRuns',
            actions: ['s3:PutObject'],
            resources: [bucket.arnForObjects(`${prefix}/*`)],
          }),
          new PolicyStatement({
            sid: 'FindBucket',
            actions: ['s3:GetBucketLocation'],
            resources: [bucket.bucketArn],
          }),
          new PolicyStatement({
            sid: 'TellRuns',
            actions: ['cloudwatch:PutMetricData'],
            resources: ['*'],
            conditions: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
          }),
          new PolicyStatement({
            sid: 'WriteOwnLog',
            actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [named('logs', 'log-group', `${logGroupPrefix(canaryName)}*`)],
          }),
        ],
      }),
    },
  });
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'cloudwatch:PutMetricData takes no other resource than *; its namespace is bound by a condition',
  );
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:aws:logs:${stack.region}:${accountInFindings(config)}:log-group:${logGroupPrefix(canaryName)}*]`,
    'Synthetics ends the name of the log group with an id of its own',
  );
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::<${stack.getLogicalId(bucket.node.defaultChild as never)}.Arn>/${prefix}/*]`,
    'Synthetics names the objects of a run; nothing else is in the bucket',
  );
  return role;
};

const logGroupPrefix = (canaryName: string): string => `/aws/lambda/cwsyn-${canaryName}-`;
