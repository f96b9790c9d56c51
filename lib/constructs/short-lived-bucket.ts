// Owns a bucket of what is of no use after some days, and goes with its stack.
// Leaves to its stack what is in it.
import { type Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { acknowledge } from '../acknowledge.ts';

export interface ShortLivedBucketProps {
  /** Absent: one that CloudFormation makes up. */
  readonly bucketName?: string;
  readonly keptFor: Duration;
  /** Why nobody needs to know who read it. */
  readonly withoutAccessLog: string;
}

export const shortLivedBucket = (
  stack: Stack,
  id: string,
  { bucketName, keptFor, withoutAccessLog }: ShortLivedBucketProps,
): IBucket => {
  const bucket = new Bucket(stack, id, {
    ...(bucketName === undefined ? {} : { bucketName }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: keptFor }],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(bucket, 'AwsSolutions-S1', withoutAccessLog);
  return bucket as IBucket;
};
