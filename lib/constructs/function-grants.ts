// Owns what each function may do: the whole of its rights on data, in one place to read.
// Leaves logs and traces, which all have alike, to billing-function.ts. Nobody may delete a fact, and only the scrubber may
// write where one stands.
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BY_TIME_INDEX,
  MAIL_MARK_PREFIX,
  REDRIVE_KEY_PREFIX,
  SEAL_KEY_PREFIX,
  type Slug,
  SUSPECTS_ROW,
  TIERS,
  tableName,
  UNSEALED_KEY_PREFIX,
} from '../../lambdas/shared/names.ts';
import { queueArn, tableArn } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { createArchived } from './archive-grants.ts';
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
import { looksAround, publishesPages } from './paging-grants.ts';
import { redrivesAll, sendsTo, worksAndPostpones } from './queue-grants.ts';

/** Rights on data of every capability but the stream worker, whose stream is only known while it is deployed. */
export const grantsOf = (scope: RegionScope, slug: Exclude<Slug, 'project-facts'>): readonly PolicyStatement[] => {
  const { ledger, views, profiles, regionState, requestCounts, sealWork, catalog, readings } = tables(scope);
  switch (slug) {
    case 'payments':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem'),
        onTable('ReadViews', views, 'GetItem'),
        tellScrubber(regionState),
        onTable('CountRequests', requestCounts, 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'operations':
      return [
        onTable('PutAndReadFacts', ledger, 'GetItem', 'PutItem', 'Query'),
        tellScrubber(regionState),
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
        tellScrubber(regionState),
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
        onKeysBelow('NoteUnsealed', sealWork, UNSEALED_KEY_PREFIX, 'PutItem'),
        onTable('KeepCheckpoint', regionState, 'GetItem', 'PutItem', 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
      ];
    case 'scrub':
      return [
        // UpdateItem on the ledger is nobody else's: facts are put, and only a repair writes where one was.
        onTable('ReadAndRepairFacts', ledger, 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'),
        onTable('ReadAndRepairView', views, 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'),
        onKeysBelow('NoteUnsealed', sealWork, UNSEALED_KEY_PREFIX, 'PutItem'),
        onTable('ReadWatermarksAndKeepPlace', regionState, 'GetItem', 'PutItem', 'UpdateItem'),
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
        tellScrubber(regionState),
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
    case 'seal-windows':
      return [
        // Of the ledger it reads facts that a view lacks, and puts seals alone.
        onTable('ReadFactsAndSeals', ledger, 'GetItem', 'Query'),
        onKeysBelow('PutSeals', ledger, SEAL_KEY_PREFIX, 'PutItem'),
        onTable('CompareAndMendView', views, 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'),
        onTable('KeepWhatIsSealed', sealWork, 'BatchWriteItem', 'PutItem', 'Query'),
        onTable('ReadRegionState', regionState, 'GetItem'),
        tellScrubber(regionState),
        useKey(scope, 'dynamodb', 'write'),
        ...sendsTo(scope, 'archive'),
      ];
    case 'probe-peer':
      return [onTable('ReadRegionState', regionState, 'GetItem'), useKey(scope, 'dynamodb', 'read')];
    case 'enrich-alarm':
      return [
        onTable('ReadRegionState', regionState, 'GetItem'),
        useKey(scope, 'dynamodb', 'read'),
        ...looksAround(scope),
        ...publishesPages(scope, ...TIERS),
      ];
    case 'redrive':
      return [
        onKeysBelow('RememberRedrives', regionState, REDRIVE_KEY_PREFIX, 'GetItem', 'PutItem', 'UpdateItem'),
        useKey(scope, 'dynamodb', 'write'),
        ...redrivesAll(scope),
        ...looksAround(scope),
        // No alarm on a queue is of P0.
        ...publishesPages(scope, 'P1', 'P2'),
      ];
    case 'archive-facts':
      return [
        onTable('ReadSealsAndFacts', ledger, 'GetItem'),
        onTable('ReadViews', views, 'GetItem'),
        useKey(scope, 'dynamodb', 'read'),
        ...createArchived(scope),
        ...worksAndPostpones(scope, 'archive'),
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
  const { views, regionState, sealWork } = tables(scope);
  const queues = (['settlements', 'notices'] as const).map((queue) =>
    queueArn(scope.stack, scope.config.jurisdiction, queue),
  );
  return [
    readStream(streamArn),
    // The parts of one TransactWriteItems: IAM checks each by its own action. Only a row that says nothing is deleted.
    onTable('ApplyFacts', views, 'DeleteItem', 'PutItem', 'UpdateItem'),
    onKeysBelow('NoteUnsealed', sealWork, UNSEALED_KEY_PREFIX, 'PutItem'),
    // Whether a fact that was rewritten is what it was before.
    onTable('CompareFacts', views, 'GetItem'),
    onTable('MoveWatermarkOrMarkGap', regionState, 'GetItem', 'PutItem', 'UpdateItem'),
    sendTo(failureQueueArn),
    sendWork(queues),
    useKey(scope, 'dynamodb', 'write'),
    useKey(scope, 'sqs', 'write'),
  ];
};

/** Who reads facts may say of an account that the scrubber should look at it, and nothing else. */
const tellScrubber = (regionState: string): PolicyStatement =>
  onKeysBelow('TellScrubber', regionState, SUSPECTS_ROW, 'UpdateItem');

const tables = ({ stack, config: { jurisdiction, ledgerGeneration } }: RegionScope) => ({
  ledger: tableArn(stack, tableName(jurisdiction, 'ledger', ledgerGeneration)),
  views: tableArn(stack, tableName(jurisdiction, 'views')),
  profiles: tableArn(stack, tableName(jurisdiction, 'profiles')),
  readings: tableArn(stack, tableName(jurisdiction, 'readings')),
  catalog: tableArn(stack, tableName(jurisdiction, 'catalog')),
  requestCounts: tableArn(stack, tableName(jurisdiction, 'request-counts')),
  sealWork: tableArn(stack, tableName(jurisdiction, 'seal-work')),
  regionState: tableArn(stack, tableName(jurisdiction, 'region-state')),
});
