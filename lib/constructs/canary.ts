// Owns how a new version takes over: 1 % of the calls first, all of them ten minutes later, back at once when its alarm fires.
// Leaves the alarms to the alarms stack, which is deployed before; they are known here by name.
import { Duration } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  TrafficRouting,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { functionErrorsSlug } from '../alarms/function-errors.ts';
import { alarmArn } from '../alarms/names.ts';
import { codeDeployApplicationName } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { acknowledgeDescribingAlarms, describeAlarms } from './alarm-grants.ts';
import type { BillingFunction } from './billing-function.ts';

/** CodeDeploy's own canaries start with 10 %: ten times as many payers would meet a bad version. */
const FIRST_SHARE_PERCENT = 1;
const WATCHED_MINUTES = 10;

/**
 * `-c ignore-alarms=payments,lookup`: of these functions no alarm stops this deployment or takes it back. For a fix of the very
 * errors that an alarm already rings for; the next deployment without it has the alarms again.
 */
const IGNORE_ALARMS = 'ignore-alarms';

export interface CanaryProps {
  readonly scope: RegionScope;
  readonly functions: readonly BillingFunction[];
}

export class Canary extends Construct {
  constructor(parent: Construct, id: string, { scope, functions }: CanaryProps) {
    super(parent, id);
    const { stack, config } = scope;
    const application = new LambdaApplication(this, 'Application', {
      applicationName: codeDeployApplicationName(config.jurisdiction),
    });
    const deploymentConfig = new LambdaDeploymentConfig(this, 'OnePercent', {
      deploymentConfigName: `baseload-${config.jurisdiction}-canary-1-percent-${WATCHED_MINUTES}-minutes`,
      trafficRouting: TrafficRouting.timeBasedCanary({
        percentage: FIRST_SHARE_PERCENT,
        interval: Duration.minutes(WATCHED_MINUTES),
      }),
    });
    const watched = functions.map((one) => ({ ...one, alarm: alarmArn(stack, config, functionErrorsSlug(one.slug)) }));
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      description: `Moves the live aliases of Baseload in ${scope.region}`,
      inlinePolicies: {
        canary: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'MoveAliases',
              actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
              resources: functions.flatMap(({ fn, alias }) => [fn.functionArn, alias.functionArn]),
            }),
            describeAlarms('WatchAlarms', stack),
          ],
        }),
      },
    });
    acknowledgeDescribingAlarms(role, scope);
    const ignored = slugsWithoutAlarm(this, functions);
    for (const { slug, alias, alarm } of watched) {
      const isWatched = !ignored.includes(slug);
      new LambdaDeploymentGroup(this, slug, {
        application,
        alias,
        deploymentConfig,
        deploymentGroupName: slug,
        // All rights are in the role above: CodeDeploy's managed policy reaches every function of the account.
        role: role.withoutPolicyUpdates(),
        alarms: isWatched ? [Alarm.fromAlarmArn(this, `${slug}-errors`, alarm)] : [],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: isWatched },
      });
    }
  }
}

/** @throws Error when the context names what is no function with a canary. */
const slugsWithoutAlarm = (scope: Construct, functions: readonly BillingFunction[]): readonly string[] => {
  const given: unknown = scope.node.tryGetContext(IGNORE_ALARMS);
  const named = typeof given === 'string' && given !== '' ? given.split(',') : [];
  const known: readonly string[] = functions.map(({ slug }) => slug);
  const wrong = named.filter((slug) => !known.includes(slug));
  if (wrong.length > 0) {
    throw new Error(
      `-c ${IGNORE_ALARMS}=${given}: ${wrong.join(', ')} has no canary: name some of ${known.join(', ')}`,
    );
  }
  return named;
};
