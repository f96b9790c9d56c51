// Owns one schedule of EventBridge Scheduler: when a function's live alias is called, and the role that may do it.
// Leaves to the function that a call too many does no harm: Scheduler calls at least once.
import type { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionName } from '../../lambdas/shared/names.ts';
import type { RegionScope } from '../region-scope.ts';
import type { BillingFunction } from './billing-function.ts';

export interface ScheduleProps {
  readonly scope: RegionScope;
  readonly target: BillingFunction;
  /** `rate(5 minutes)` or `cron(0 6 1 * ? *)`, UTC. */
  readonly expression: string;
  /** Tries of a call that was not taken; a call that comes often needs few, the next one does its work. */
  readonly maximumRetryAttempts: number;
}

/** It takes on a role only for schedules of the stack's account. */
export const schedulerOf = ({ account }: Stack): ServicePrincipal =>
  new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } });

export class Schedule extends Construct {
  constructor(parent: Construct, id: string, { scope, target, expression, maximumRetryAttempts }: ScheduleProps) {
    super(parent, id);
    const { stack, region, config } = scope;
    const name = functionName(config.jurisdiction, target.slug);
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(stack),
      description: `Calls ${name} in ${region} when it is due`,
      inlinePolicies: {
        call: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'CallWhenDue',
              actions: ['lambda:InvokeFunction'],
              resources: [target.alias.functionArn],
            }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      name,
      description: `Calls ${name}`,
      scheduleExpression: expression,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      state: 'ENABLED',
      target: {
        arn: target.alias.functionArn,
        roleArn: role.roleArn,
        // Nothing of the call is read, only that it comes.
        input: '{}',
        retryPolicy: { maximumRetryAttempts, maximumEventAgeInSeconds: 3_600 },
      },
    });
  }
}
