// Owns the schedules of EventBridge Scheduler: when, which function, with which event.
// Leaves to local/schedules when that is.
import { functionNameOf } from './functions.ts';
import type { SchedulePlan } from './plan.ts';
import type { Resources } from './resources.ts';

/** EventBridge Scheduler's own default. */
const DEFAULT_RETRY_ATTEMPTS = 185;

/** Of a game day: no experiment of FIS runs here. */
const STARTS_EXPERIMENT = 'arn:aws:scheduler:::aws-sdk:fis:startExperiment';

export function readSchedules(resources: Resources): readonly SchedulePlan[] {
  return resources.ofType('AWS::Scheduler::Schedule').flatMap(({ properties, ref }) => {
    properties.value('Name');
    properties.object('FlexibleTimeWindow').only('Mode', 'OFF');
    properties.only('State', 'ENABLED');
    properties.only('ScheduleExpressionTimezone', 'UTC');
    const target = properties.object('Target');
    const targetArn = target.text('Arn');
    const plan = {
      name: ref(),
      expression: properties.text('ScheduleExpression'),
      functionName: functionNameOf(targetArn),
      targetArn,
      roleArn: target.text('RoleArn'),
      input: target.optionalText('Input') ?? '{}',
      maximumRetryAttempts: target.object('RetryPolicy').number('MaximumRetryAttempts', DEFAULT_RETRY_ATTEMPTS),
    };
    return targetArn === STARTS_EXPERIMENT ? [] : [plan];
  });
}
