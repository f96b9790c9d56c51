import { describe, expect, test } from '@jest/globals';
import { findingsAfter, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const stacks = synthesize();
const region = stackNamed(stacks, 'baseload-us-region-us-west-2');
const NAME = {
  'Fn::Join': ['', ['baseload-us-archive-us-west-2-', { Ref: 'AWS::AccountId' }, '-g1']],
};

describe('the archive bucket', () => {
  const bucket = region.resources.ArchivedFacts;

  test('has a name that is known without asking, under an id that never changes', () => {
    expect(bucket?.Properties.BucketName).toEqual(NAME);
    expect(
      Object.keys(region.resources)
        .filter((id) => region.resources[id]?.Type === 'AWS::S3::Bucket')
        .sort(),
    ).toEqual(['ArchiveAccessLog', 'ArchivedFacts']);
  });

  test('locks every version for seven years, and is encrypted with the key of the Region', () => {
    expect(bucket?.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2557 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::ImportValue': 'baseload-us-key-arn' },
            },
          },
        ],
      },
      LoggingConfiguration: { DestinationBucketName: { Ref: 'ArchiveAccessLog' } },
    });
    expect(bucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('nothing in it expires, and only what is worth it moves to a cheaper class', () => {
    expect(bucket?.Properties.LifecycleConfiguration).toEqual({
      Rules: [
        {
          ObjectSizeGreaterThan: '131072',
          Status: 'Enabled',
          Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
        },
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
      ],
    });
  });

  test.each(['ArchivedFacts', 'ArchiveAccessLog'])('%s: nothing is public, and nobody comes without TLS', (id) => {
    expect(region.resources[id]?.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    expect(policyOf(id)).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
  });

  test('nobody lifts a lock', () => {
    expect(policyOf('ArchivedFacts')).toContain(
      '"Action":"s3:BypassGovernanceRetention","Effect":"Deny","Principal":{"AWS":"*"}',
    );
  });

  test('COMPLIANCE is one word in the config', () => {
    const config = { ...usConfig(), retention: { lockMode: 'COMPLIANCE' as const, archiveYears: 10, backupDays: 90 } };
    const strict = synthesize(config);
    expect(
      stackNamed(strict, 'baseload-us-region-us-west-2').resources.ArchivedFacts?.Properties.ObjectLockConfiguration,
    ).toMatchObject({ Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3653 } } });
    const [vault] = resourcesOf(stackNamed(strict, 'baseload-us-vault-us-west-2'), 'AWS::Backup::BackupVault');
    expect(vault?.Properties.LockConfiguration).toEqual({ MinRetentionDays: 90, ChangeableForDays: 3 });
  });
});

const policyOf = (id: string): string =>
  JSON.stringify(
    resourcesOf(region, 'AWS::S3::BucketPolicy').find(({ Properties }) =>
      JSON.stringify(Properties.Bucket).includes(`"${id}"`),
    )?.Properties,
  );

test('archive-facts may create objects and read them, and neither overwrite nor delete any', () => {
  const roles = resourcesOf(region, 'AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties).includes('s3:'),
  );
  const statements = roles.flatMap(({ Properties }) =>
    (
      Properties.Policies as readonly {
        readonly PolicyDocument: { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
      }[]
    ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  );
  const onS3 = statements.filter(({ Action }) => JSON.stringify(Action).includes('"s3:'));
  const creating = onS3.filter(({ Action }) => JSON.stringify(Action).includes('s3:PutObject'));
  expect(creating).toHaveLength(1);
  expect(creating).toMatchObject([{ Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'false' } } }]);
  expect(JSON.stringify(onS3)).not.toMatch(/s3:Delete|s3:Bypass|s3:PutObjectRetention|s3:\*/);
});

describe('backups', () => {
  const ledger = stackNamed(stacks, 'baseload-us-ledger');
  const [plan] = resourcesOf(ledger, 'AWS::Backup::BackupPlan');
  const [selection] = resourcesOf(ledger, 'AWS::Backup::BackupSelection');

  test('every table that spans Regions, every day, with a copy in the other Region', () => {
    expect(plan?.Properties.BackupPlan).toMatchObject({
      BackupPlanRule: [
        {
          TargetBackupVault: 'baseload-us-g1',
          ScheduleExpression: 'cron(0 5 * * ? *)',
          Lifecycle: { DeleteAfterDays: 35 },
          CopyActions: [{ Lifecycle: { DeleteAfterDays: 35 } }],
        },
      ],
    });
    expect(JSON.stringify(plan?.Properties)).toContain(
      '["",["arn:aws:backup:us-west-2:",{"Ref":"AWS::AccountId"},":backup-vault:baseload-us-g1"]]',
    );
    expect(selection?.Properties.BackupSelection).toMatchObject({
      Resources: ['Ledger', 'Profiles', 'Catalog', 'Readings'].map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })),
    });
  });

  test('and in another account’s vault, where the config names one', () => {
    const copyBackupsTo = 'arn:aws:backup:us-east-2:444455556666:backup-vault:baseload';
    const { retention, ...config } = usConfig();
    const copied = synthesize({ ...config, retention: { ...retention, copyBackupsTo } });
    expect(stackNamed(copied, 'baseload-us-ledger').text).toContain(`"DestinationBackupVaultArn":"${copyBackupsTo}"`);
  });

  test.each(['us-east-1', 'us-west-2'])('the vault of %s is locked, encrypted with its key and kept', (name) => {
    const [vault] = resourcesOf(stackNamed(stacks, `baseload-us-vault-${name}`), 'AWS::Backup::BackupVault');
    expect(vault?.Properties).toMatchObject({
      BackupVaultName: 'baseload-us-g1',
      EncryptionKeyArn: { 'Fn::ImportValue': 'baseload-us-key-arn' },
      LockConfiguration: { MinRetentionDays: 35 },
    });
    expect(JSON.stringify(vault?.Properties.AccessPolicy)).toContain(
      '"Action":["backup:DeleteRecoveryPoint","backup:UpdateRecoveryPointLifecycle"],"Effect":"Deny"',
    );
    expect(vault?.DeletionPolicy).toBe('Retain');
  });

  test('every table can be brought back to any point of the last days', () => {
    const tables = stacks.flatMap((stack) => resourcesOf(stack, 'AWS::DynamoDB::GlobalTable'));
    expect(tables.length).toBeGreaterThanOrEqual(10);
    for (const { Properties } of tables) {
      for (const replica of Properties.Replicas as readonly object[])
        expect(replica).toMatchObject({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
    }
  });
});

test('the archive has no finding of its own', () => {
  expect(findingsAfter(() => undefined, { ...usConfig(), account: '111122223333' })).toEqual([]);
});
