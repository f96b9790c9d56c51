// Owns the rights of functions that tell people of alarms: to see states and deployments, and to publish to the topics.
// Leaves to function-grants.ts which function gets which.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { alarmTopicName, CANARY_SLUGS, codeDeployApplicationName, type Tier } from '../../lambdas/shared/names.ts';
import { acknowledge } from '../acknowledge.ts';
import { topicArnBase } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import type { BillingFunction } from './billing-function.ts';
import { useKey } from './grants.ts';

/** Of a function that has the first of the rights below. */
export const acknowledgeSeeingAlarms = (fn: BillingFunction, { region, config }: RegionScope): void =>
  acknowledge(
    fn.node.findChild('Role'),
    `AwsSolutions-IAM5[Resource::arn:aws:cloudwatch:${region}:${config.account ?? '<AWS::AccountId>'}:alarm:*]`,
    'cloudwatch:DescribeAlarms is authorized on alarm:* whichever names are asked for; it reads states and changes nothing',
  );

/** CloudWatch authorizes this list action on all alarms of the Region, whichever names are asked for. It reads states. */
const describeAlarms = (stack: Stack): PolicyStatement =>
  new PolicyStatement({
    sid: 'SeeAlarms',
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

/** What else rings, and what was deployed last: lists of states and times, which it changes nothing of. */
export const looksAround = ({ stack, config: { jurisdiction } }: RegionScope): readonly PolicyStatement[] => [
  describeAlarms(stack),
  new PolicyStatement({
    sid: 'SeeDeployments',
    actions: ['codedeploy:BatchGetDeploymentGroups'],
    resources: CANARY_SLUGS.map((slug) =>
      stack.formatArn({
        service: 'codedeploy',
        resource: 'deploymentgroup',
        resourceName: `${codeDeployApplicationName(jurisdiction)}/${slug}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ),
  }),
];

export const publishesPages = (scope: RegionScope, ...tiers: readonly Tier[]): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: 'TellPeople',
    actions: ['sns:Publish'],
    resources: tiers.map((tier) => `${topicArnBase(scope.stack)}${alarmTopicName(scope.config.jurisdiction, tier)}`),
  }),
  useKey(scope, 'sns', 'write'),
];
