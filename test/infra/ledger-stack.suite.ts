import { describe, expect, test } from '@jest/globals';
import { onlyResource, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const stacks = synthesize();
const ledgerStack = stackNamed(stacks, 'baseload-us-ledger');

const replica = (region: string) => ({
  Region: region,
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  SSESpecification: {
    KMSMasterKeyId: { 'Fn::Join': ['', [`arn:aws:kms:${region}:`, { Ref: 'AWS::AccountId' }, ':alias/baseload-us']] },
  },
});

describe('the ledger', () => {
  const ledger = ledgerStack.resources.Ledger;

  test('is one strongly consistent table, with a witness and a protected, encrypted replica in each Region', () => {
    expect(ledger?.Properties).toEqual({
      TableName: 'baseload-us-ledger-g1',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: 'us-east-2' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [replica('us-west-2'), replica('us-east-1')],
    });
  });

  test('outlives its stack', () => {
    expect(ledger).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});

describe('the next generation of the ledger', () => {
  const next = synthesize({ ...usConfig(), ledgerGeneration: 'g2' });
  const textOf = (some: typeof stacks) => some.map(({ resources }) => JSON.stringify(resources)).join();

  test('is named everywhere, and so replaces the table, which is retained', () => {
    expect(stackNamed(next, 'baseload-us-ledger').resources.Ledger).toMatchObject({
      UpdateReplacePolicy: 'Retain',
      Properties: { TableName: 'baseload-us-ledger-g2' },
    });
    expect(textOf(next)).not.toContain('baseload-us-ledger-g1');
    const streamsOf = (some: typeof stacks) =>
      resourcesOf(stackNamed(some, 'baseload-us-region-us-east-1'), 'Custom::ReplicaStream').map(
        ({ Properties }) => Properties?.TableName,
      );
    expect([streamsOf(stacks), streamsOf(next)]).toEqual([['baseload-us-ledger-g1'], ['baseload-us-ledger-g2']]);
  });

  test('changes the name of nothing else', () => {
    const namesIn = (some: typeof stacks) =>
      [...new Set(textOf(some).match(/baseload-us-[a-z-]+-g\d/g))].map((name) =>
        name.replace('ledger-g2', 'ledger-g1'),
      );
    expect(namesIn(next).sort()).toEqual(namesIn(stacks).sort());
  });
});

test('profiles are on an eventually consistent global table, with the same protection', () => {
  expect(ledgerStack.resources.Profiles).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'baseload-us-profiles-g1',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      Replicas: [replica('us-west-2'), replica('us-east-1')],
      // Marks of sent mails go; a profile has no such attribute.
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  });
  expect(ledgerStack.resources.Profiles?.Properties).not.toHaveProperty('MultiRegionConsistency');
});

test('readings are on an eventually consistent global table, with the same protection', () => {
  expect(ledgerStack.resources.Readings).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'baseload-us-readings-g1',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Replicas: [replica('us-west-2'), replica('us-east-1')],
    },
  });
  expect(ledgerStack.resources.Readings?.Properties).not.toHaveProperty('MultiRegionConsistency');
});

test('the catalog is on an eventually consistent global table, with the same protection', () => {
  expect(ledgerStack.resources.Catalog).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'baseload-us-catalog-g1',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Replicas: [replica('us-west-2'), replica('us-east-1')],
    },
  });
  expect(ledgerStack.resources.Catalog?.Properties).not.toHaveProperty('MultiRegionConsistency');
});

/** With the hash that CDK makes of the path: a queue under another id cannot be made, its name is taken by the one kept. */
const IN_A_REGION = [
  'ArchiveQueueDeadLetters9BBE2D6F',
  'ArchiveQueueE2E343CF',
  'BillRunsDeadLettersF2B975BC',
  'BillRunsQueueE3427F20',
  'IntakeDeadLettersA15864BB',
  'IntakeQueue6FB53B87',
  'NoticesDeadLetters9751A95B',
  'NoticesQueue8F17BA1B',
  'RegionState',
  'RequestCounts',
  'SealWork',
  'SettlementsDeadLettersEDFAA868',
  'SettlementsQueue70703509',
  'StreamWorkerFailuresQueue46206698',
  'Views',
];

describe('logical ids of what holds data never change: another id is another, empty table', () => {
  test.each([
    ['baseload-us-keys-us-east-1', ['Key961B73FD', 'KeyAlias910D852D']],
    ['baseload-us-ledger', ['Catalog', 'Ledger', 'Profiles', 'Readings']],
    ['baseload-us-region-us-east-1', IN_A_REGION],
    ['baseload-us-region-us-west-2', IN_A_REGION],
  ])('%s', (name, expected) => {
    const stack = stackNamed(stacks, name);
    const stateful = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::SQS::Queue'];
    const ids = stateful.flatMap((type) => resourcesOf(stack, type).map(({ logicalId }) => logicalId));
    expect(ids.sort()).toEqual(expected);
  });
});

describe('the key of a Region', () => {
  const keys = stackNamed(stacks, 'baseload-us-keys-us-west-2');
  const key = onlyResource(keys, 'AWS::KMS::Key');

  test('rotates, outlives its stack and has the alias that other stacks name', () => {
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    });
    expect(resourcesOf(keys, 'AWS::KMS::Alias')[0]?.Properties).toMatchObject({ AliasName: 'alias/baseload-us' });
  });

  test('is open to others than the account only under a condition', () => {
    const { Statement } = key.Properties.KeyPolicy as { Statement: { Sid: string; Condition?: unknown }[] };
    expect(Object.fromEntries(Statement.map(({ Sid, Condition }) => [Sid, Condition]))).toEqual({
      AccountDecidesByIam: undefined,
      DynamoDbForThisAccount: {
        StringEquals: {
          'kms:CallerAccount': { Ref: 'AWS::AccountId' },
          'kms:ViaService': 'dynamodb.us-west-2.amazonaws.com',
        },
      },
      // It can look at the key's description and nothing else.
      DynamoDbLooksAtTheKey: undefined,
      LogGroupsOfBaseload: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': ['lambda', 'vendedlogs'].map((service) => ({
            'Fn::Join': [
              '',
              ['arn:aws:logs:us-west-2:', { Ref: 'AWS::AccountId' }, `:log-group:/aws/${service}/baseload-us-*`],
            ],
          })),
        },
      },
      // Whose alarms may publish is in the topics' own policy.
      AlarmsToTopics: undefined,
    });
  });
});
