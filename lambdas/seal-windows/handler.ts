// Owns the wiring of the seal-windows function: what a worker makes once.
// Leaves to create-seal-windows-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../adapters/dynamo/rehydration.ts';
import { DynamoScrubbing } from '../adapters/dynamo/scrubbing.ts';
import { DynamoSealLog } from '../adapters/dynamo/seal-log.ts';
import { DynamoSealWork } from '../adapters/dynamo/seal-work.ts';
import { DynamoViewLines } from '../adapters/dynamo/view-lines.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry, errorFields } from '../shared/telemetry.ts';
import { createSealWindowsHandler } from './create-seal-windows-handler.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });
const telemetry = createTelemetry('seal-windows');
const viewsTable = setting('viewsTable');
const sealWorkTable = setting('sealWorkTable');

export const handler = createSealWindowsHandler({
  region,
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  seals: new DynamoSealLog(dynamo, setting('ledgerTable')),
  work: new DynamoSealWork(dynamo, sealWorkTable),
  views: new DynamoViewStore(dynamo, viewsTable, { table: sealWorkTable, clock: systemClock }),
  lines: new DynamoViewLines(dynamo, viewsTable),
  scrubbing: new DynamoScrubbing(dynamo, setting('regionStateTable')),
  regionState: new DynamoRegionState(dynamo, setting('regionStateTable')),
  rehydrations: new DynamoRehydrations(dynamo, setting('regionStateTable')),
  archive: new SqsQueue(createSqsClient({ region }), queueUrl('archive'), {
    onFailure: (error) => telemetry.warn('seals not enqueued for the archive', errorFields(error)),
  }),
  clock: systemClock,
  telemetry,
});
