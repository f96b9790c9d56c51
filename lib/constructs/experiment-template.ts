// Owns one experiment as FIS takes it: fault, stop conditions, what is asserted while it goes on and after it, and a role for it alone.
// Leaves to game-days/experiments.ts which experiments there are, to game-day-schedule.ts when one is started.
import { ArnFormat } from 'aws-cdk-lib';
import { CfnExperimentTemplate } from 'aws-cdk-lib/aws-fis';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { functionName, tableName } from '../../lambdas/shared/names.ts';
import { alarmArn, nameInTier } from '../alarms/names.ts';
import { type AlarmSlug, alarmOf } from '../alarms/registry.ts';
import { type Experiment, type Fault, STOP_ALARMS, type StopSlug } from '../game-days/experiments.ts';
import { experimentName } from '../game-days/names.ts';
import { tableArn } from '../names.ts';
import { acknowledgeExperiment, experimentGrants } from './experiment-grants.ts';
import type { FaultPlace } from './fault-extension.ts';

type Action = CfnExperimentTemplate.ExperimentTemplateActionProperty;

export interface ExperimentTemplateProps {
  readonly place: FaultPlace;
  readonly experiment: Experiment;
}

export class ExperimentTemplate extends Construct {
  readonly slug: string;
  readonly template: CfnExperimentTemplate;

  constructor(parent: Construct, id: string, { place, experiment }: ExperimentTemplateProps) {
    super(parent, id);
    const { stack, region, config } = place;
    const { slug, claim, fault, stopsOn } = experiment;
    const name = experimentName(config.jurisdiction, slug);
    const targets = targetsOf(place, fault);
    this.slug = slug;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('fis.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'fis', resource: 'experiment', resourceName: '*' }),
          },
        },
      }),
      description: `What FIS may do in ${region} while ${name} runs`,
      inlinePolicies: { [slug]: new PolicyDocument({ statements: [...experimentGrants(place, fault, targets.arns)] }) },
    });
    acknowledgeExperiment(role, place, fault);
    this.template = new CfnExperimentTemplate(this, 'Default', {
      description: `${name}: ${claim}`,
      roleArn: role.roleArn,
      targets: { hit: { resourceType: targets.type, resourceArns: [...targets.arns], selectionMode: 'ALL' } },
      actions: { ...faultAction(experiment), ...assertions(place, experiment) },
      stopConditions: stopsOn.map((stop) => ({ source: 'aws:cloudwatch:alarm', value: stopAlarmArn(place, stop) })),
      experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail' },
      tags: { Name: name },
    });
  }
}

const targetsOf = ({ stack, config }: FaultPlace, fault: Fault) => {
  const { jurisdiction, ledgerGeneration } = config;
  if (fault.kind === 'replication paused') {
    const nameOf = (table: (typeof fault.tables)[number]): string =>
      table === 'ledger' ? tableName(jurisdiction, table, ledgerGeneration) : tableName(jurisdiction, table);
    return { type: 'aws:dynamodb:global-table', arns: fault.tables.map((table) => tableArn(stack, nameOf(table))) };
  }
  // Without a qualifier, whichever version is called.
  const resourceName = functionName(jurisdiction, fault.target);
  const arn = { service: 'lambda', resource: 'function', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME };
  return { type: 'aws:lambda:function', arns: [stack.formatArn(arn)] };
};

/** Action names below are what FIS shows of an experiment. */
const faultAction = ({ fault, minutes }: Experiment): Record<string, Action> => {
  const duration = lasting(minutes);
  switch (fault.kind) {
    case 'replication paused':
      return {
        fault: {
          actionId: 'aws:dynamodb:global-table-pause-replication',
          parameters: { duration },
          targets: { Tables: 'hit' },
        },
      };
    case 'invocations fail':
      return {
        fault: {
          actionId: 'aws:lambda:invocation-error',
          parameters: {
            duration,
            invocationPercentage: String(fault.percent),
            preventExecution: String(!fault.executes),
          },
          targets: { Functions: 'hit' },
        },
      };
    case 'invocations wait':
      return {
        fault: {
          actionId: 'aws:lambda:invocation-add-delay',
          parameters: { duration, startupDelayMilliseconds: String(fault.delayMs) },
          targets: { Functions: 'hit' },
        },
      };
  }
};

/** An assertion that does not hold fails the experiment, and so ends the fault. */
const assertions = (place: FaultPlace, { during, after }: Experiment): Record<string, Action> => ({
  ...(during && {
    'until-noticed': wait(during.atMinute),
    noticed: assertThat(place, during.alarms, during.state, 'until-noticed'),
  }),
  'until-recovered': wait(after.minutes, 'fault'),
  recovered: assertThat(place, after.alarms, 'OK', 'until-recovered'),
});

const wait = (minutes: number, after?: string): Action => ({
  actionId: 'aws:fis:wait',
  parameters: { duration: lasting(minutes) },
  ...(after === undefined ? {} : { startAfter: [after] }),
});

const assertThat = (
  { stack, config }: FaultPlace,
  alarms: readonly AlarmSlug[],
  state: 'ALARM' | 'OK',
  after: string,
): Action => ({
  actionId: 'aws:cloudwatch:assert-alarm-state',
  parameters: { alarmArns: alarms.map((slug) => alarmArn(stack, config, slug)).join(','), alarmStates: state },
  startAfter: [after],
});

/** FIS refuses an alarm of another Region when the experiment starts. */
const stopAlarmArn = ({ stack, config }: FaultPlace, stop: StopSlug): string =>
  stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: nameInTier(config, STOP_ALARMS[stop], alarmOf(stop).tier),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const lasting = (minutes: number): string => `PT${minutes}M`;
