// Owns when the experiments of a Region start by themselves: an hour apart.
// Leaves to game-days/days.ts which day that is, to experiment-template.ts what one does.
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { GameDay } from '../../lambdas/shared/names.ts';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import { experimentName } from '../game-days/names.ts';
import type { ExperimentTemplate } from './experiment-template.ts';
import type { FaultPlace } from './fault-extension.ts';
import { schedulerOf } from './schedule.ts';

/** Scheduler calls the API of FIS itself. */
const START_EXPERIMENT = 'arn:aws:scheduler:::aws-sdk:fis:startExperiment';

export interface GameDayScheduleProps {
  readonly place: FaultPlace;
  readonly day: GameDay;
  /** In the order in which they are started. */
  readonly templates: readonly ExperimentTemplate[];
}

export class GameDaySchedule extends Construct {
  constructor(parent: Construct, id: string, { place, day, templates }: GameDayScheduleProps) {
    super(parent, id);
    const { stack, region, config } = place;
    const ofFis = (resource: string, resourceName: string): string =>
      stack.formatArn({ service: 'fis', resource, resourceName });
    for (const [index, { slug, template }] of templates.entries()) {
      const name = experimentName(config.jurisdiction, slug);
      const role = new Role(this, `${slug}Role`, {
        assumedBy: schedulerOf(stack),
        description: `Starts ${name} in ${region} when it is due`,
        inlinePolicies: {
          start: new PolicyDocument({
            statements: [
              new PolicyStatement({
                sid: 'StartExperiment',
                actions: ['fis:StartExperiment'],
                resources: [ofFis('experiment-template', template.attrId), ofFis('experiment', '*')],
              }),
            ],
          }),
        },
      });
      acknowledgeStarting(role, place);
      new CfnSchedule(this, slug, {
        name,
        description: `Starts ${name}`,
        scheduleExpression: `cron(0 ${day.fromHourUtc + index} ? * ${day.weekday}#${day.week} *)`,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        state: 'ENABLED',
        target: {
          arn: START_EXPERIMENT,
          roleArn: role.roleArn,
          // Scheduler calls at least once: the token makes the same call the same experiment.
          input: stack.toJsonString({
            ClientToken: '<aws.scheduler.execution-id>',
            ExperimentTemplateId: template.attrId,
          }),
          // One that could not start now would run into the next.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      });
    }
  }
}

const acknowledgeStarting = (role: Role, { region, config }: FaultPlace): void =>
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:aws:fis:${region}:${accountInFindings(config)}:experiment/*]`,
    'fis:StartExperiment is authorized on the experiment it makes as well, whose id nobody knows before',
  );
