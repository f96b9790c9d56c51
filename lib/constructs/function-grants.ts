// Owns what each function may do: the whole of its rights on data, in one place to read.
// Leaves logs and traces, which all have alike, to billing-function.ts. Nobody may change or delete a fact.
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BY_TIME_INDEX, type Slug, tableName } from '../../lambdas/shared/names.ts';
import { tableArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { onKeysBelow, onTable, readStream, sendTo, useKey } from './grants.ts';

/** Rights on data of every capability but the stream worker, whose stream is only known while it is deployed. */
export const grantsOf = (scope: RegionScope, slug: Exclude<Slug, 'project-facts'>): readonly PolicyStatement[] => {
  const { ledger, views, profiles, regionState } = tables(scope);
  switch (slug) {
    case 'payments':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem'),
        onTable('ReadViews', views, 'GetItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'operations':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        onTable('PutAndReadProfiles', profiles, 'GetItem', 'PutItem'),
        onTable('ReadViews', views, 'GetItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'lookup':
      return [
        onTable('ReadViews', views, 'GetItem', 'Query'),
        onTable('ReadViewsByTime', `${views}/index/${BY_TIME_INDEX}`, 'Query'),
        onTable('ReadFacts', ledger, 'GetItem', 'Query'),
        onTable('ReadRegionState', regionState, 'GetItem'),
        useKey(scope, 'dynamodb', 'read'),
      ];
    case 'health':
      return [
        // Only this Region's own heartbeats: never a fact, never the peer's sign of life.
        onKeysBelow('BeatHeart', ledger, `hb#${scope.region}#`, 'GetItem', 'PutItem'),
        onTable('ReadRegionState', regionState, 'GetItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'replica-stream':
      return [onTable('FindStream', ledger, 'DescribeTable')];
  }
};

/** Rights of the stream worker, on exactly the stream that the custom resource found. */
export const streamWorkerGrants = (
  scope: RegionScope,
  streamArn: string,
  failureQueueArn: string,
): readonly PolicyStatement[] => {
  const { views, regionState } = tables(scope);
  return [
    readStream(streamArn),
    // The parts of one TransactWriteItems: IAM checks each by its own action.
    onTable('ApplyFacts', views, 'PutItem', 'UpdateItem'),
    onTable('MoveWatermark', regionState, 'UpdateItem'),
    sendTo(failureQueueArn),
    useKey(scope, 'dynamodb', 'write'),
    useKey(scope, 'sqs', 'write'),
  ];
};

const tables = ({ stack, config: { jurisdiction } }: RegionScope) => ({
  ledger: tableArn(stack, tableName(jurisdiction, 'ledger')),
  views: tableArn(stack, tableName(jurisdiction, 'views')),
  profiles: tableArn(stack, tableName(jurisdiction, 'profiles')),
  regionState: tableArn(stack, tableName(jurisdiction, 'region-state')),
});
