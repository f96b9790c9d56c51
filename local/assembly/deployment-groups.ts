// Owns the deployment groups of CodeDeploy in a Region: the function each shifts, how, and what stops it.
// Leaves to local/codedeploy what a deployment does.
import { functionNameOf } from './functions.ts';
import type { DeploymentGroupPlan } from './plan.ts';
import type { Resource, Resources } from './resources.ts';

const ON_ALARM = 'DEPLOYMENT_STOP_ON_ALARM';

/** @throws Error naming the group that no alias is updated by, or whose config is not a canary */
export function readDeploymentGroups(resources: Resources): readonly DeploymentGroupPlan[] {
  for (const { properties } of resources.ofType('AWS::CodeDeploy::Application')) {
    properties.value('ApplicationName');
    properties.only('ComputePlatform', 'Lambda');
  }
  const canaries = new Map(
    resources.ofType('AWS::CodeDeploy::DeploymentConfig').map((one) => [one.ref(), canaryOf(one)]),
  );
  const shifted = resources.ofType('AWS::Lambda::Alias').map(({ properties, updatePolicy }) => {
    const update = updatePolicy.object('CodeDeployLambdaAliasUpdate');
    return {
      functionName: functionNameOf(properties.text('FunctionName')),
      group: update.optionalText('DeploymentGroupName'),
    };
  });
  return resources.ofType('AWS::CodeDeploy::DeploymentGroup').map(({ properties }) => {
    const name = properties.text('DeploymentGroupName');
    const config = properties.text('DeploymentConfigName');
    const functionName = shifted.find(({ group }) => group === name)?.functionName;
    const canary = canaries.get(config);
    if (functionName === undefined) throw new Error(`${properties.where}: no alias is updated by the group ${name}`);
    if (canary === undefined) throw new Error(`${properties.where}: the config ${config} is not in the assembly`);
    const alarms = properties.object('AlarmConfiguration');
    const rollback = properties.object('AutoRollbackConfiguration');
    const named = alarms.objects('Alarms').map((alarm) => alarm.text('Name'));
    const watched = alarms.flag('Enabled', false) ? named : [];
    const events = rollback.texts('Events');
    const isTakenBack = rollback.flag('Enabled', false) && events.includes(ON_ALARM);
    if (watched.length > 0 && !isTakenBack)
      throw new Error(`${properties.where}: alarms that stop a deployment without ${ON_ALARM} are not emulated`);
    return {
      applicationName: properties.text('ApplicationName'),
      name,
      functionName,
      canary,
      alarms: watched,
      roleName: properties.text('ServiceRoleArn').split('/').at(-1) ?? '',
    };
  });
}

function canaryOf({ properties }: Resource): DeploymentGroupPlan['canary'] {
  properties.value('DeploymentConfigName');
  properties.only('ComputePlatform', 'Lambda');
  const routing = properties.object('TrafficRoutingConfig');
  routing.only('Type', 'TimeBasedCanary');
  const canary = routing.object('TimeBasedCanary');
  return { percent: canary.number('CanaryPercentage'), minutes: canary.number('CanaryInterval') };
}
