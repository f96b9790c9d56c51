// Owns the wiring of the rehydrate-view function: what a worker makes once.
// Leaves to create-rehydrate-view-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoRehydrations } from '../adapters/dynamo/rehydration.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { fullJitter } from '../shared/pacing.ts';
import { RETRIES } from '../shared/policies.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createRehydrateViewHandler } from './create-rehydrate-view-handler.ts';

const dynamo = new Dynamo({ region: ownRegion() });

export const handler = createRehydrateViewHandler({
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  views: new DynamoViewStore(dynamo, setting('viewsTable'), { table: setting('sealWorkTable'), clock: systemClock }),
  rehydrations: new DynamoRehydrations(dynamo, setting('regionStateTable')),
  pacing: fullJitter(RETRIES.rebuiltPage),
  clock: systemClock,
  telemetry: createTelemetry('rehydrate-view'),
});
