// Owns the rights of functions that tell people of alarms: to see states and deployments, and to publish to the topics.
// Leaves to function-grants.ts which function gets which.
import { ArnFormat } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { alarmTopicName, CANARY_SLUGS, codeDeployApplicationName, type Tier } from '../../lambdas/shared/names.ts';
import { topicArnBase } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { acknowledgeDescribingAlarms, describeAlarms } from './alarm-grants.ts';
import type { BillingFunction } from './billing-function.ts';
import { useKey } from './grants.ts';

/** Of a function that has the first of the rights below. */
export const acknowledgeSeeingAlarms = (fn: BillingFunction, scope: RegionScope): void =>
  acknowledgeDescribingAlarms(fn.node.findChild('Role'), scope);

/** What else rings, and what was deployed last: lists of states and times, which it changes nothing of. */
export const looksAround = ({ stack, config: { jurisdiction } }: RegionScope): readonly PolicyStatement[] => [
  describeAlarms('SeeAlarms', stack),
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
