// Owns what FIS may do in an experiment's name, as the FIS user guide lists it for each action, on that experiment's targets alone.
// Leaves to experiment-template.ts the role that has it.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { tableName } from '../../lambdas/shared/names.ts';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import type { Fault } from '../game-days/experiments.ts';
import { FAULT_PREFIX } from '../game-days/names.ts';
import { acknowledgeDescribingAlarms, describeAlarms } from './alarm-grants.ts';
import { acknowledgeFaultObjects, bucketArn, type FaultPlace } from './fault-extension.ts';

export const experimentGrants = (
  place: FaultPlace,
  fault: Fault,
  targets: readonly string[],
): readonly PolicyStatement[] => [
  describeAlarms('AssertAlarms', place.stack),
  new PolicyStatement({ sid: 'FindTargets', actions: ['tag:GetResources'], resources: ['*'] }),
  ...(fault.kind === 'replication paused' ? pauses(fault, targets) : injects(place, targets)),
];

/** A policy of the table refuses DynamoDB's own replication until the fault is over, and names its end itself. */
const pauses = (fault: Fault & { readonly kind: 'replication paused' }, tables: readonly string[]) => [
  new PolicyStatement({
    sid: 'PauseReplication',
    actions: [
      'dynamodb:DeleteResourcePolicy',
      'dynamodb:DescribeTable',
      'dynamodb:GetResourcePolicy',
      'dynamodb:PutResourcePolicy',
    ],
    resources: tables.flatMap((table) => (isStrong(fault) ? [table] : [table, `${table}/*`])),
  }),
  ...(isStrong(fault)
    ? [
        new PolicyStatement({
          sid: 'InjectErrors',
          actions: ['dynamodb:InjectError'],
          resources: ['*'],
          conditions: {
            StringEquals: { 'dynamodb:FisActionId': 'aws:dynamodb:global-table-pause-replication' },
            'ForAllValues:StringEquals': { 'dynamodb:FisTargetArns': [...tables] },
          },
        }),
      ]
    : []),
];

const isStrong = (fault: Fault): boolean => fault.kind === 'replication paused' && fault.tables.includes('ledger');

const injects = (place: FaultPlace, functions: readonly string[]) => [
  new PolicyStatement({ sid: 'SeeFunction', actions: ['lambda:GetFunction'], resources: [...functions] }),
  new PolicyStatement({
    sid: 'HandOverFaults',
    actions: ['s3:DeleteObject', 's3:PutObject'],
    resources: [`${bucketArn(place)}/${FAULT_PREFIX}*`],
  }),
];

/** Of a role that has the rights above. */
export const acknowledgeExperiment = (role: Construct, place: FaultPlace, fault: Fault): void => {
  const { region, config } = place;
  acknowledgeDescribingAlarms(role, place);
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    isStrong(fault)
      ? 'tag:GetResources and dynamodb:InjectError take no other resource than *; the second is bound to action and table by conditions'
      : 'tag:GetResources takes no other resource than *',
  );
  if (fault.kind !== 'replication paused') acknowledgeFaultObjects(role, place);
  const streamed = fault.kind === 'replication paused' && !isStrong(fault) ? fault.tables : [];
  for (const table of streamed) {
    const arn = `arn:aws:dynamodb:${region}:${accountInFindings(config)}:table/${tableName(config.jurisdiction, table)}`;
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${arn}/*]`,
      'below the table is the stream that DynamoDB replicates by; a time is in its name, which nobody knows before',
    );
  }
};
