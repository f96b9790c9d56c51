// Owns the rights on the archive: who may create objects, and who may read them. Nobody may delete one.
// Leaves to function-grants.ts which function gets which.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ARCHIVED_FACTS_PREFIX, archiveBucketName } from '../../lambdas/shared/names.ts';
import { accountInFindings, acknowledge } from '../acknowledge.ts';
import { archiveBucketArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import type { BillingFunction } from './billing-function.ts';
import { useKey } from './grants.ts';

const archivedObjects = ({ stack, config: { jurisdiction } }: RegionScope): string =>
  `${archiveBucketArn(stack, jurisdiction)}/${ARCHIVED_FACTS_PREFIX}*`;

/** Of a function that has the rights below: a key holds bucket and ordinal, which no policy can list. */
export const acknowledgeArchivedObjects = (fn: BillingFunction, { region, config }: RegionScope): void => {
  const bucket = archiveBucketName(config.jurisdiction, region, accountInFindings(config));
  acknowledge(
    fn.node.findChild('Role'),
    `AwsSolutions-IAM5[Resource::arn:aws:s3:::${bucket}/${ARCHIVED_FACTS_PREFIX}*]`,
    'one object a seal: its key is not known before; objects are created and read, never overwritten or deleted',
  );
};

/** Creates what is not there, and reads what was in the way. A put without `If-None-Match` is refused, so nothing is overwritten. */
export const createArchived = (scope: RegionScope): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: 'CreateArchived',
    actions: ['s3:PutObject'],
    resources: [archivedObjects(scope)],
    conditions: { Null: { 's3:if-none-match': 'false' } },
  }),
  new PolicyStatement({ sid: 'ReadArchived', actions: ['s3:GetObject'], resources: [archivedObjects(scope)] }),
  useKey(scope, 's3', 'write'),
];
