import { describe, expect, test } from '@jest/globals';
import { CfnResource } from 'aws-cdk-lib';
import type { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { euConfig, findingsAfter, synthesize, usConfig } from './synthesized.ts';

const ADVICE = ', which is outside jurisdiction eu: use one of eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3';

/** What residency alone says: CloudFormation Validate has an opinion of its own on some of these resources. */
const residencyFindings = (change: Parameters<typeof findingsAfter>[0]): readonly string[] =>
  findingsAfter(change, euConfig()).filter((finding) => finding.startsWith('residency: '));

const ledgerTable = (ledger: Parameters<Parameters<typeof findingsAfter>[0]>[0]['ledger']): CfnGlobalTable =>
  ledger.node.findChild('Ledger').node.defaultChild as CfnGlobalTable;

describe('money data never leaves its jurisdiction', () => {
  test('a witness in London', () => {
    const findings = residencyFindings(({ ledger }) => {
      ledgerTable(ledger).addPropertyOverride('GlobalTableWitnesses.0.Region', 'eu-west-2');
    });
    expect(findings).toEqual([`residency: baseload-eu-ledger/Ledger (AWS::DynamoDB::GlobalTable) names eu-west-2${ADVICE}`]);
  });

  test('a replica in Virginia', () => {
    const findings = residencyFindings(({ ledger }) => {
      ledgerTable(ledger).addPropertyOverride('Replicas.0.Region', 'us-east-1');
    });
    expect(findings).toEqual([`residency: baseload-eu-ledger/Ledger (AWS::DynamoDB::GlobalTable) names us-east-1${ADVICE}`]);
  });

  test('a key in Zurich', () => {
    const findings = residencyFindings(({ regions }) => {
      const [views] = regions.map((stack) => stack.node.findChild('Tables').node.findChild('Views').node.defaultChild as CfnGlobalTable);
      views?.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', 'arn:aws:kms:eu-central-2:111122223333:key/k');
    });
    expect(findings).toEqual([`residency: baseload-eu-region-eu-west-1/Views (AWS::DynamoDB::GlobalTable) names eu-central-2${ADVICE}`]);
  });

  test.each([
    ['a log that is sent to London', 'AWS::Logs::SubscriptionFilter', { DestinationArn: 'arn:aws:logs:eu-west-2:111122223333:destination:d' }, 'eu-west-2'],
    ['a backup that is copied to Virginia', 'AWS::Backup::BackupPlan', { BackupPlan: { BackupPlanRule: [{ CopyActions: [{ DestinationBackupVaultArn: 'arn:aws:backup:us-east-1:111122223333:backup-vault:v' }] }] } }, 'us-east-1'],
    ['a queue named by its address in Ohio', 'AWS::Events::Rule', { Targets: [{ Arn: 'https://sqs.us-east-2.amazonaws.com/111122223333/q' }] }, 'us-east-2'],
  ])('%s', (_what, type, properties, region) => {
    const findings = residencyFindings(({ ledger }) => {
      new CfnResource(ledger, 'Leak', { type, properties });
    });
    expect(findings).toEqual([`residency: baseload-eu-ledger/Leak (${type}) names ${region}${ADVICE}`]);
  });

  test('a name that only looks like a Region is let through', () => {
    const findings = residencyFindings(({ ledger }) => {
      new CfnResource(ledger, 'Harmless', { type: 'AWS::SNS::Topic', properties: { DisplayName: 'eu-west-3 plus-east-1 us-easter-1' } });
    });
    expect(findings).toEqual([]);
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
