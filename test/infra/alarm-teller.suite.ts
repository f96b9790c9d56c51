// Owns the pins of who is told by alarms and by which right: the function, its failure destination, and the one alarm that does without.
import { describe, expect, test } from '@jest/globals';
import { CANARY_SLUGS } from '../../lambdas/shared/names.ts';
import { resourcesOf, stackNamed, synthesize } from './synthesized.ts';

const stacks = synthesize();
const alarmsStack = stackNamed(stacks, 'baseload-us-alarms-us-west-2');
const regionStack = stackNamed(stacks, 'baseload-us-region-us-west-2');
const ENRICHER = ':function:baseload-us-enrich-alarm:live';

describe('who is told by alarms', () => {
  const speaking = [alarmsStack, regionStack]
    .flatMap((stack) => [
      ...resourcesOf(stack, 'AWS::CloudWatch::Alarm'),
      ...resourcesOf(stack, 'AWS::CloudWatch::CompositeAlarm'),
    ])
    .filter(({ Properties }) => Properties.AlarmActions !== undefined);

  test('every alarm that speaks calls the enricher, when it fires and when it is over', () => {
    expect(speaking.length).toBeGreaterThan(10);
    for (const { Properties } of speaking) {
      const { AlarmName, AlarmActions, OKActions } = Properties;
      expect(OKActions).toEqual(AlarmActions);
      if (AlarmName !== 'baseload-us-enrich-alarm-errors-P1') expect(JSON.stringify(AlarmActions)).toContain(ENRICHER);
    }
  });

  test('the alarm on the enricher tells its topic itself', () => {
    const own = speaking.find(({ Properties }) => Properties.AlarmName === 'baseload-us-enrich-alarm-errors-P1');
    expect(JSON.stringify(own?.Properties.AlarmActions)).toContain(':baseload-us-alarms-P1"');
    expect(JSON.stringify(own?.Properties.AlarmActions)).not.toContain(':function:');
  });

  test('CloudWatch may call it, for alarms of this account', () => {
    expect(resourcesOf(alarmsStack, 'AWS::Lambda::Permission').map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: expect.stringMatching(/^EnrichAlarmLive/) },
        Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });

  test('what cannot be enriched goes to the topic of P0 after three tries', () => {
    expect(resourcesOf(alarmsStack, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toEqual([
      {
        FunctionName: { Ref: expect.stringMatching(/^EnrichAlarmFunction/) },
        Qualifier: 'live',
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 600,
        DestinationConfig: { OnFailure: { Destination: { Ref: expect.stringMatching(/^TopicP0/) } } },
      },
    ]);
  });

  test('it publishes to the three topics, sees states and deployments, and changes nothing', () => {
    const [role] = resourcesOf(alarmsStack, 'AWS::IAM::Role').filter(({ Properties }) =>
      JSON.stringify(Properties.Description).includes('baseload-us-enrich-alarm'),
    );
    const policies = (role?.Properties.Policies ?? []) as readonly {
      readonly PolicyDocument: { Statement: Statement[] };
    }[];
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const rights = statements.map(({ Sid, Action }) => [Sid, [Action].flat().join(' ')]);
    expect(Object.fromEntries(rights)).toEqual({
      ReadRegionState: 'dynamodb:GetItem',
      DecryptThroughDynamoDb: 'kms:Decrypt kms:DescribeKey',
      SeeAlarms: 'cloudwatch:DescribeAlarms',
      SeeDeployments: 'codedeploy:BatchGetDeploymentGroups',
      TellPeople: 'sns:Publish',
      EncryptThroughSns: 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey',
      WriteOwnLog: 'logs:CreateLogStream logs:PutLogEvents',
      WriteTraces: 'xray:PutTraceSegments xray:PutTelemetryRecords',
    });
    const topics = statements.find(({ Sid }) => Sid === 'TellPeople');
    expect(JSON.stringify(topics?.Resource).match(/alarms-P\d/g)).toEqual(['alarms-P0', 'alarms-P1', 'alarms-P2']);
  });

  test('the deployments it asks for are those there are', () => {
    const groups = resourcesOf(regionStack, 'AWS::CodeDeploy::DeploymentGroup').map(
      ({ Properties }) => Properties.DeploymentGroupName,
    );
    expect(groups.sort()).toEqual([...CANARY_SLUGS].sort());
  });
});

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}
