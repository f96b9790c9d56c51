// Owns the proof that deployment groups and rules of events mean here what the template says, and that what is not emulated is refused.
import { afterEach, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { app, type Template, type Written, written } from './written.ts';

const all: Written[] = [];
afterEach(() => {
  for (const one of all.splice(0)) one.remove();
});

const ref = (Ref: string) => ({ Ref });

const regionWith = (change: (resources: Template) => void = () => undefined) => {
  const template = app();
  Object.assign(template.Resources, {
    Application: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: 'app', ComputePlatform: 'Lambda' },
    },
    Config: {
      Type: 'AWS::CodeDeploy::DeploymentConfig',
      Properties: {
        DeploymentConfigName: 'five',
        ComputePlatform: 'Lambda',
        TrafficRoutingConfig: {
          Type: 'TimeBasedCanary',
          TimeBasedCanary: { CanaryPercentage: 5, CanaryInterval: 3 },
        },
      },
    },
    Group: {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: ref('Application'),
        DeploymentConfigName: ref('Config'),
        DeploymentGroupName: 'project',
        DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
        ServiceRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
        AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'stops',
        EventPattern: { source: ['aws.codedeploy'], detail: { state: ['STOP'] } },
        Targets: [],
      },
    },
  });
  template.Resources.Live.UpdatePolicy = {
    CodeDeployLambdaAliasUpdate: { ApplicationName: ref('Application'), DeploymentGroupName: ref('Group') },
  };
  change(template.Resources);
  const made = written(template);
  all.push(made);
  return readAssembly(made.dir).regions[0];
};

test('a group has the function whose alias it updates, its config’s canary and its alarms', () => {
  const region = regionWith();
  expect(region?.deploymentGroups).toEqual([
    {
      applicationName: 'app',
      name: 'project',
      functionName: 'project',
      canary: { percent: 5, minutes: 3 },
      alarms: ['errors'],
      roleName: 'stack0-Role',
    },
  ]);
  expect(region?.eventRules).toEqual([
    { name: 'stops', pattern: { source: ['aws.codedeploy'], detail: { state: ['STOP'] } } },
  ]);
});

test('alarms that are switched off watch nothing', () => {
  const region = regionWith(({ Group }) => {
    Group.Properties.AlarmConfiguration.Enabled = false;
    Group.Properties.AutoRollbackConfiguration.Events = ['DEPLOYMENT_FAILURE'];
  });
  expect(region?.deploymentGroups[0]?.alarms).toEqual([]);
});

describe('refused is', () => {
  test.each<[string, (resources: Template) => void, RegExp]>([
    [
      'a group that no alias is updated by',
      ({ Live }) => {
        Live.UpdatePolicy = undefined;
      },
      /Group \(AWS::CodeDeploy::DeploymentGroup\): no alias is updated by the group project/,
    ],
    [
      'a shift that is no canary',
      ({ Config }) => {
        Config.Properties.TrafficRoutingConfig.Type = 'TimeBasedLinear';
      },
      /TrafficRoutingConfig.Type is TimeBasedLinear, and only TimeBasedCanary is emulated/,
    ],
    [
      'a stop without the way back',
      ({ Group }) => {
        Group.Properties.AutoRollbackConfiguration.Events = ['DEPLOYMENT_FAILURE'];
      },
      /alarms that stop a deployment without DEPLOYMENT_STOP_ON_ALARM are not emulated/,
    ],
    [
      'a pattern with more than lists of text',
      ({ Rule }) => {
        Rule.Properties.EventPattern.source = [{ prefix: 'aws.' }];
      },
      /property EventPattern: only lists of text are emulated/,
    ],
  ])('%s', (_what, change, message) => {
    expect(() => regionWith(change)).toThrow(message);
  });
});
