import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { SLUGS } from '../../lambdas/shared/names.ts';
import { buildAppAndStacks } from '../../lib/app.ts';
import { resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const stacks = synthesize();
const region = stackNamed(stacks, 'baseload-us-region-us-west-2');
const functions = [region, stackNamed(stacks, 'baseload-us-alarms-us-west-2')].flatMap((stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function'),
);
const ON_FAILURE = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'];

/** The properties of each group by its name, as the cdk command makes them with this context. */
const deploymentGroupsWith = (context: Readonly<Record<string, string>>) => {
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  try {
    const { regions } = buildAppAndStacks({ config: usConfig(), assets: 'stub' });
    const groups = regions
      .slice(0, 1)
      .flatMap((stack) => Object.values(Template.fromStack(stack).findResources('AWS::CodeDeploy::DeploymentGroup')));
    return Object.fromEntries(groups.map(({ Properties }) => [Properties.DeploymentGroupName, Properties]));
  } finally {
    delete process.env.CDK_CONTEXT_JSON;
  }
};

const nameOf = (slug: string) => `baseload-us-${slug}`;

describe('every function', () => {
  test('there is one for each capability', () => {
    expect(functions.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(SLUGS.map(nameOf).sort());
  });

  test.each(SLUGS)('%s', (slug) => {
    const found = functions.find(({ Properties }) => Properties.FunctionName === nameOf(slug));
    expect(found?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: ['health', 'project-facts'].includes(slug) ? 'PassThrough' : 'Active' },
      LoggingConfig: {
        LogGroup: expect.anything(),
        ...(['health', 'project-facts'].includes(slug) && { LogFormat: 'JSON', SystemLogLevel: 'WARN' }),
      },
      ReservedConcurrentExecutions: usConfig().reservedConcurrency[slug],
      Environment: {
        Variables: {
          BASELOAD_JURISDICTION: 'us',
          BASELOAD_REGIONS: 'us-east-1,us-west-2',
          BASELOAD_LEDGER_TABLE: 'baseload-us-ledger-g1',
          BASELOAD_VIEWS_TABLE: 'baseload-us-views-g1',
          BASELOAD_REQUEST_COUNTS_TABLE: 'baseload-us-request-counts-g1',
          BASELOAD_PAYMENTS_PER_ACCOUNT: '50',
          BASELOAD_LOOKUPS_PER_ACCOUNT: '200',
          BASELOAD_REGION_STATE_TABLE: 'baseload-us-region-state-g1',
          BASELOAD_SEAL_WORK_TABLE: 'baseload-us-seal-work-g1',
          BASELOAD_PROFILES_TABLE: 'baseload-us-profiles-g1',
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
  });

  test('has time and memory for its work', () => {
    const sizes = functions.map(({ Properties }) => [
      Properties.FunctionName,
      Properties.MemorySize,
      Properties.Timeout,
    ]);
    expect(sizes).toEqual([
      ['baseload-us-replica-stream', 256, 600],
      ['baseload-us-project-facts', 1024, 60],
      ['baseload-us-sweep', 1024, 240],
      ['baseload-us-rehydrate-view', 1024, 90],
      ['baseload-us-scrub', 1024, 90],
      ['baseload-us-settle-payment', 512, 60],
      ['baseload-us-seal-windows', 512, 90],
      ['baseload-us-reconcile', 1024, 600],
      ['baseload-us-probe-peer', 256, 40],
      ['baseload-us-redrive', 256, 60],
      ['baseload-us-send-notice', 256, 30],
      ['baseload-us-archive-facts', 1024, 120],
      ['baseload-us-store-readings', 1024, 60],
      ['baseload-us-start-bill-run', 1024, 600],
      ['baseload-us-issue-bills', 1024, 120],
      ['baseload-us-payments', 1024, 10],
      ['baseload-us-operations', 1024, 10],
      ['baseload-us-lookup', 1024, 10],
      ['baseload-us-tariffs', 1024, 10],
      ['baseload-us-readings', 1769, 20],
      ['baseload-us-health', 1024, 5],
      ['baseload-us-enrich-alarm', 256, 20],
    ]);
  });

  test('logs to a group of its own, kept for the configured time and encrypted', () => {
    const groups = resourcesOf(region, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    expect(groups.map(({ LogGroupName }) => LogGroupName)).toEqual([
      '/aws/lambda/baseload-us-replica-stream',
      '/aws/lambda/baseload-us-project-facts',
      '/aws/lambda/baseload-us-sweep',
      '/aws/lambda/baseload-us-rehydrate-view',
      '/aws/lambda/baseload-us-scrub',
      '/aws/lambda/baseload-us-settle-payment',
      '/aws/lambda/baseload-us-seal-windows',
      '/aws/lambda/baseload-us-reconcile',
      '/aws/lambda/baseload-us-probe-peer',
      '/aws/lambda/baseload-us-redrive',
      '/aws/lambda/baseload-us-send-notice',
      '/aws/lambda/baseload-us-archive-facts',
      '/aws/lambda/baseload-us-store-readings',
      '/aws/lambda/baseload-us-start-bill-run',
      '/aws/lambda/baseload-us-issue-bills',
      '/aws/lambda/baseload-us-payments',
      '/aws/lambda/baseload-us-operations',
      '/aws/lambda/baseload-us-lookup',
      '/aws/lambda/baseload-us-tariffs',
      '/aws/lambda/baseload-us-readings',
      '/aws/lambda/baseload-us-health',
      '/aws/vendedlogs/baseload-us-access',
    ]);
    for (const group of groups) {
      expect(group).toMatchObject({ RetentionInDays: 90, KmsKeyId: { 'Fn::ImportValue': 'baseload-us-key-arn' } });
    }
  });
});

describe('a new version', () => {
  test('takes 1 % of the calls for ten minutes', () => {
    region.template.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 1, CanaryInterval: 10 } },
    });
  });

  test.each([
    ['payments', 'P1'],
    ['operations', 'P1'],
    ['lookup', 'P1'],
    ['tariffs', 'P2'],
    ['readings', 'P2'],
    ['health', 'P1'],
    ['project-facts', 'P1'],
    ['settle-payment', 'P1'],
    ['send-notice', 'P2'],
    ['issue-bills', 'P2'],
    ['store-readings', 'P2'],
    ['archive-facts', 'P2'],
  ])('%s goes back when its alarm fires', (slug, tier) => {
    region.template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentGroupName: slug,
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: `baseload-us-${slug}-errors-${tier}` }] },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    });
  });

  test('every alias is moved by CodeDeploy, but of what only a deployment or a schedule calls', () => {
    const aliases = resourcesOf(region, 'AWS::Lambda::Alias');
    expect(aliases.map(({ Properties }) => Properties.Name)).toEqual(aliases.map(() => 'live'));
    expect(aliases.filter(({ UpdatePolicy }) => UpdatePolicy === undefined).map(({ logicalId }) => logicalId)).toEqual([
      'StreamWorkerReplicaStreamLive3005EB8B',
      'SweepLiveB177069E',
      'RehydrateViewLiveA150DAC8',
      'ScrubLive32A168AB',
      'SealWindowsLiveB8D41DDB',
      'ReconcileLive48495D40',
      'ProbePeerLive868FA6D5',
      'RedriveLiveBC1C66ED',
      'StartBillRunLive619B84BE',
    ]);
  });

  test('older versions are kept to go back to, one that was rolled back is not: its commit can be deployed again', () => {
    for (const version of resourcesOf(region, 'AWS::Lambda::Version')) {
      expect(version.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  test('a fix of what an alarm rings for is deployed with that alarm ignored, and no other', () => {
    const groups = deploymentGroupsWith({ 'ignore-alarms': 'payments,lookup' });
    expect(groups).toMatchObject({
      payments: { AlarmConfiguration: { Enabled: false }, AutoRollbackConfiguration: { Events: ON_FAILURE } },
      lookup: { AlarmConfiguration: { Enabled: false }, AutoRollbackConfiguration: { Events: ON_FAILURE } },
      health: { AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'baseload-us-health-errors-P1' }] } },
    });
  });

  test('an alarm to ignore that is of no function with a canary is refused', () => {
    expect(() => deploymentGroupsWith({ 'ignore-alarms': 'payment' })).toThrow(
      '-c ignore-alarms=payment: payment has no canary: name some of payments, operations, lookup, tariffs, readings, health, project-facts, settle-payment, send-notice, issue-bills, store-readings',
    );
  });
});
