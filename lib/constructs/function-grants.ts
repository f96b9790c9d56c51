// Owns what each function may do: the whole of its rights on data, in one place to read.
// Leaves logs and traces, which all have alike, to billing-function.ts. Nobody may change or delete a fact.
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BY_TIME_INDEX, MAIL_MARK_PREFIX, type Slug, tableName } from '../../lambdas/shared/names.ts';
import { queueArn, tableArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import {
  onKeysBelow,
  onTable,
  readNoticeKey,
  readProcessorKey,
  readStream,
  sendMail,
  sendTo,
  sendWork,
  useKey,
} from './grants.ts';
import { sendsTo, worksAndPostpones } from './queue-grants.ts';

/** Rights on data of every capability but the stream worker, whose stream is only known while it is deployed. */
export const grantsOf = (scope: RegionScope, slug: Exclude<Slug, 'project-facts'>): readonly PolicyStatement[] => {
  const { ledger, views, profiles, regionState, requestCounts, catalog, readings } = tables(scope);
  switch (slug) {
    case 'payments':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem'),
        onTable('ReadViews', views, 'GetItem'),
        onTable('CountRequests', requestCounts, 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'operations':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        onTable('PutAndReadProfiles', profiles, 'GetItem', 'PutItem', 'UpdateItem'),
        onTable('ReadViews', views, 'GetItem'),
        onTable('ReadCatalog', catalog, 'Query'),
        onTable('ReadReadings', readings, 'Query'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'lookup':
      return [
        onTable('ReadViews', views, 'GetItem', 'Query'),
        onTable('ReadViewsByTime', `${views}/index/${BY_TIME_INDEX}`, 'Query'),
        onTable('ReadFacts', ledger, 'GetItem', 'Query'),
        onTable('ReadRegionState', regionState, 'GetItem'),
        onTable('ReadCatalog', catalog, 'Query'),
        onTable('ReadReadings', readings, 'Query'),
        onTable('CountRequests', requestCounts, 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'tariffs':
      return [
        onTable('ReadAccount', ledger, 'GetItem'),
        onTable('ReadViews', views, 'GetItem'),
        onTable('PutAndReadCatalog', catalog, 'PutItem', 'Query'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'readings':
      return [
        onTable('ReadAccount', ledger, 'GetItem'),
        onTable('ReadViews', views, 'GetItem'),
        onTable('JoinMeters', catalog, 'PutItem', 'Query'),
        // What is accepted becomes a reading through the queue alone.
        onKeysBelow('OpenAndReadBatches', readings, 'batch#', 'PutItem', 'Query'),
        useKey(scope, 'dynamodb', 'write'),
        ...sendsTo(scope, 'intake'),
      ];
    case 'store-readings':
      return [
        onTable('InsertReadings', readings, 'PutItem'),
        useKey(scope, 'dynamodb', 'write'),
        ...worksAndPostpones(scope, 'intake'),
      ];
    case 'issue-bills':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        onTable('ReadViews', views, 'GetItem'),
        onTable('ReadCatalog', catalog, 'Query'),
        onTable('ReadReadings', readings, 'Query'),
        useKey(scope, 'dynamodb', 'write'),
        ...worksAndPostpones(scope, 'bill-runs'),
      ];
    case 'start-bill-run':
      return [
        onTable('FindAccountsWithMeters', catalog, 'Scan'),
        useKey(scope, 'dynamodb', 'read'),
        ...sendsTo(scope, 'bill-runs'),
      ];
    case 'health':
      return [
        // Only this Region's own heartbeats: never a fact, never the peer's sign of life.
        onKeysBelow('BeatHeart', ledger, `hb#${scope.region}#`, 'GetItem', 'PutItem'),
        onTable('ReadRegionState', regionState, 'GetItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'sweep':
      return [
        onTable('FindOpenWork', views, 'Query'),
        useKey(scope, 'dynamodb', 'read'),
        ...sendsTo(scope, 'settlements'),
      ];
    case 'rehydrate-view':
      return [
        onTable('ReadWholeLedger', ledger, 'Scan'),
        // As the stream worker's.
        onTable('ApplyFacts', views, 'DeleteItem', 'PutItem', 'UpdateItem'),
        onTable('KeepCheckpoint', regionState, 'GetItem', 'PutItem', 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'send-notice':
      return [
        onTable('ReadFacts', ledger, 'GetItem'),
        ...mailsNotices(scope, profiles),
        ...worksAndPostpones(scope, 'notices'),
        ...readNoticeKey(scope),
      ];
    case 'settle-payment':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        onTable('ReadViews', views, 'GetItem'),
        useKey(scope, 'dynamodb', 'write'),
        ...worksAndPostpones(scope, 'settlements'),
        ...readProcessorKey(scope),
      ];
    case 'reconcile':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        onTable('FindFactsOfADay', views, 'Query'),
        onKeysBelow('NoteProgress', regionState, 'reconcile#', 'GetItem', 'PutItem'),
        useKey(scope, 'dynamodb', 'write'),
        ...readProcessorKey(scope),
      ];
    case 'replica-stream':
      return [onTable('FindStream', ledger, 'DescribeTable')];
  }
};

/** Contacts are read only where somebody is written to; a mark says that it was done, and changes no profile. */
const mailsNotices = (scope: RegionScope, profiles: string): readonly PolicyStatement[] => {
  const mail = sendMail(scope);
  if (mail.length === 0) return [useKey(scope, 'dynamodb', 'read')];
  return [
    onTable('ReadContactsAndMarks', profiles, 'GetItem'),
    onKeysBelow('MarkMails', profiles, MAIL_MARK_PREFIX, 'PutItem'),
    useKey(scope, 'dynamodb', 'write'),
    ...mail,
  ];
};

/** Rights of the stream worker, on exactly the stream that the custom resource found. */
export const streamWorkerGrants = (
  scope: RegionScope,
  streamArn: string,
  failureQueueArn: string,
): readonly PolicyStatement[] => {
  const { views, regionState } = tables(scope);
  const queues = (['settlements', 'notices'] as const).map((queue) =>
    queueArn(scope.stack, scope.config.jurisdiction, queue),
  );
  return [
    readStream(streamArn),
    // The parts of one TransactWriteItems: IAM checks each by its own action. Only a row that says nothing is deleted.
    onTable('ApplyFacts', views, 'DeleteItem', 'PutItem', 'UpdateItem'),
    onTable('MoveWatermarkOrMarkGap', regionState, 'GetItem', 'PutItem', 'UpdateItem'),
    sendTo(failureQueueArn),
    sendWork(queues),
    useKey(scope, 'dynamodb', 'write'),
    useKey(scope, 'sqs', 'write'),
  ];
};

const tables = ({ stack, config: { jurisdiction } }: RegionScope) => ({
  ledger: tableArn(stack, tableName(jurisdiction, 'ledger')),
  views: tableArn(stack, tableName(jurisdiction, 'views')),
  profiles: tableArn(stack, tableName(jurisdiction, 'profiles')),
  readings: tableArn(stack, tableName(jurisdiction, 'readings')),
  catalog: tableArn(stack, tableName(jurisdiction, 'catalog')),
  requestCounts: tableArn(stack, tableName(jurisdiction, 'request-counts')),
  regionState: tableArn(stack, tableName(jurisdiction, 'region-state')),
});
