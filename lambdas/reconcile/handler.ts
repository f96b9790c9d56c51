// Owns the wiring of the reconcile function: what a worker makes once, and the processor's key, read anew with each run.
// Leaves to create-reconcile-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoDayIndex } from '../adapters/dynamo/day-index.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoOpenWork } from '../adapters/dynamo/open-work.ts';
import { DynamoReconciliationProgress } from '../adapters/dynamo/reconciliation.ts';
import { openProcessor } from '../adapters/open-processor.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createReconcileHandler, type ReconcileEvent, type ReconcileResult } from './create-reconcile-handler.ts';

const region = ownRegion();
const jurisdiction = setting('jurisdiction');
const dynamo = new Dynamo({ region });
const views = setting('viewsTable');
const telemetry = createTelemetry('reconcile');

export const handler = async (event: ReconcileEvent): Promise<ReconcileResult> =>
  createReconcileHandler({
    region,
    jurisdiction,
    ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
    processor: await openProcessor(region, jurisdiction),
    days: new DynamoDayIndex(dynamo, views),
    openWork: new DynamoOpenWork(dynamo, views),
    progress: new DynamoReconciliationProgress(dynamo, setting('regionStateTable')),
    clock: systemClock,
    telemetry,
  })(event);
