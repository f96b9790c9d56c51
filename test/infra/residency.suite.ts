import { describe, expect, test } from '@jest/globals';
import { CfnResource } from 'aws-cdk-lib';
import type { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import { euConfig, findingsAfter, synthesize, usConfig } from './synthesized.ts';

const ADVICE =
  ', which is outside jurisdiction eu: use one of eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3';

type Stacks = Parameters<Parameters<typeof findingsAfter>[0]>[0];

const tableIn = (construct: IConstruct | undefined): CfnGlobalTable => {
  if (construct === undefined) throw new Error('no table');
  return construct.node.defaultChild as CfnGlobalTable;
};

/** Every way out of the jurisdiction at once: a synthesis takes a second, and each leak is a finding of its own. */
const leak = ({ ledger, regions }: Stacks): void => {
  const table = tableIn(ledger.node.findChild('Ledger'));
  table.addPropertyOverride('GlobalTableWitnesses.0.Region', 'eu-west-2');
  table.addPropertyOverride('Replicas.0.Region', 'us-east-1');
  const views = tableIn(regions[0]?.node.findChild('Tables').node.findChild('Views'));
  views.addPropertyOverride(
    'Replicas.0.SSESpecification.KMSMasterKeyId',
    'arn:aws:kms:eu-central-2:111122223333:key/k',
  );
  const leaks = {
    Log: ['AWS::Logs::SubscriptionFilter', { DestinationArn: 'arn:aws:logs:eu-west-2:111122223333:destination:d' }],
    Backup: ['AWS::Backup::BackupPlan', { Copy: 'arn:aws:backup:us-east-1:111122223333:backup-vault:v' }],
    Queue: ['AWS::Events::Rule', { Target: 'https://sqs.us-east-2.amazonaws.com/111122223333/q' }],
    Zone: ['AWS::EC2::Subnet', { AvailabilityZone: 'ap-southeast-2a' }],
    Harmless: ['AWS::SNS::Topic', { DisplayName: 'eu-west-3 plus-east-1 us-easter-1 beau-west-2 eu-west-25' }],
  } as const;
  for (const [id, [type, properties]] of Object.entries(leaks)) new CfnResource(ledger, id, { type, properties });
};

describe('money data never leaves its jurisdiction', () => {
  const findings = findingsAfter(leak, euConfig());

  test.each([
    ['a witness in London', 'baseload-eu-ledger/Ledger (AWS::DynamoDB::GlobalTable) names eu-west-2'],
    ['a replica in Virginia', 'baseload-eu-ledger/Ledger (AWS::DynamoDB::GlobalTable) names us-east-1'],
    ['a key in Zurich', 'baseload-eu-region-eu-west-1/Views (AWS::DynamoDB::GlobalTable) names eu-central-2'],
    ['a log that is sent to London', 'baseload-eu-ledger/Log (AWS::Logs::SubscriptionFilter) names eu-west-2'],
    ['a backup that is copied to Virginia', 'baseload-eu-ledger/Backup (AWS::Backup::BackupPlan) names us-east-1'],
    ['a queue named by its address in Ohio', 'baseload-eu-ledger/Queue (AWS::Events::Rule) names us-east-2'],
    ['an availability zone in Sydney', 'baseload-eu-ledger/Zone (AWS::EC2::Subnet) names ap-southeast-2'],
  ])('%s', (_what, finding) => {
    expect(findings).toContain(`residency: ${finding}${ADVICE}`);
  });

  test('nothing else: not what is inside, not what only looks like a Region', () => {
    expect(findings.filter((finding) => finding.startsWith('residency: '))).toHaveLength(7);
  });
});

describe('both example configs', () => {
  test.each([
    ['us', usConfig(), ['us-east-1', 'us-east-2', 'us-west-2']],
    ['eu', euConfig(), ['eu-central-1', 'eu-west-1', 'eu-west-3']],
  ] as const)('%s names its own three Regions and no other', (_name, config, expected) => {
    const text = synthesize(config)
      .map((stack) => stack.text)
      .join('\n');
    const named = new Set(text.match(/(?<![a-z0-9])[a-z]{2}-(?:north|south|east|west|central)[a-z]*-\d/g));
    expect([...named].sort()).toEqual(expected);
  });
});
