// Owns the bucket of one Region that sealed facts are archived in, locked for years, and the log of who asked for what in it.
// Leaves to lambdas/archive-facts what is put there. docs/copies.md says what it is good for.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { archiveBucketName } from '../../lambdas/shared/names.ts';
import type { RegionScope } from '../region-scope.ts';

const DAYS_A_YEAR = 365.25;

/** Cheaper classes charge for at least so much an object: a smaller one would cost more there. */
const WORTH_MOVING_BYTES = 128 * 1024;
/** Glacier Instant Retrieval is read within milliseconds, and charged for at least 90 days. */
const MOVES_AFTER_DAYS = 90;

export class ArchiveBucket extends Construct {
  constructor(parent: Construct, id: string, { stack, region, key, config }: RegionScope) {
    super(parent, id);
    const { lockMode, archiveYears } = config.retention;
    const name = archiveBucketName(config.jurisdiction, region, stack.account);
    const guarded = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    };
    const log = new Bucket(this, 'Log', {
      ...guarded,
      bucketName: `${name}-log`,
      // The log delivery of S3 takes no bucket that is encrypted with a key of ours; its lines name objects and hold no money data.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(config.logRetentionDays) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const retention = Duration.days(Math.ceil(archiveYears * DAYS_A_YEAR));
    const archive = new Bucket(this, 'Facts', {
      ...guarded,
      bucketName: name,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      // One request to KMS for many objects.
      bucketKeyEnabled: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lockMode === 'COMPLIANCE'
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
      serverAccessLogsBucket: log as IBucket,
      lifecycleRules: [
        {
          transitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(MOVES_AFTER_DAYS) },
          ],
          objectSizeGreaterThan: WORTH_MOVING_BYTES,
        },
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Who wants to lift a lock of GOVERNANCE must change this policy first, which CloudTrail tells.
    archive.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyLiftsALock',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:BypassGovernanceRetention'],
        resources: [archive.arnForObjects('*')],
      }),
    );
    // Another logical id would make CloudFormation leave the bucket and ask for a second one of the same name.
    const facts = archive.node.defaultChild as CfnBucket;
    facts.overrideLogicalId('ArchivedFacts');
    // CloudFormation's schema wants a text where the library writes a number.
    facts.addPropertyOverride('LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan', String(WORTH_MOVING_BYTES));
    (log.node.defaultChild as CfnBucket).overrideLogicalId('ArchiveAccessLog');
  }
}
