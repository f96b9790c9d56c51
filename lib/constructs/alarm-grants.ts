// Owns the right to see the states of a Region's alarms, and why its wildcard is accepted.
// Leaves to its users which role gets it.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import type { RegionScope } from '../region-scope.ts';

/** CloudWatch authorizes this list action on all alarms of the Region, whichever names are asked for. It reads states. */
export const describeAlarms = (sid: string, stack: Stack): PolicyStatement =>
  new PolicyStatement({
    sid,
    actions: ['cloudwatch:DescribeAlarms'],
    resources: [
      stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  });

/** Of a role that has the right above. */
export const acknowledgeDescribingAlarms = (
  role: IConstruct,
  { region, config }: Pick<RegionScope, 'region' | 'config'>,
): void =>
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:${region}:${accountInFindings(config)}:alarm:*]`,
    'cloudwatch:DescribeAlarms is authorized on alarm:* whichever names are asked for; it reads states and changes nothing',
  );
