// Owns the wiring of the scrub function: what a worker makes once.
// Leaves to create-scrub-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoDerivedCopies } from '../adapters/dynamo/derived-copies.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoFactCopies } from '../adapters/dynamo/fact-copies.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../adapters/dynamo/rehydration.ts';
import { DynamoScrubbing } from '../adapters/dynamo/scrubbing.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { viewCoversUntilMs } from '../shared/integrity/view-coverage.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createScrubHandler } from './create-scrub-handler.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });
const regionState = new DynamoRegionState(dynamo, setting('regionStateTable'));
const rehydrations = new DynamoRehydrations(dynamo, setting('regionStateTable'));

export const handler = createScrubHandler({
  region,
  sources: {
    ledger: { region, items: new DynamoFactCopies(dynamo, setting('ledgerTable'), 'ledger') },
    views: [
      {
        region,
        rows: new DynamoFactCopies(dynamo, setting('viewsTable'), 'view'),
        derived: new DynamoDerivedCopies(dynamo, setting('viewsTable')),
        store: new DynamoViewStore(dynamo, setting('viewsTable'), {
          table: setting('sealWorkTable'),
          clock: systemClock,
        }),
        coversUntilMs: () => viewCoversUntilMs(region, regionState, rehydrations),
      },
    ],
  },
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  scrubbing: new DynamoScrubbing(dynamo, setting('regionStateTable')),
  clock: systemClock,
  telemetry: createTelemetry('scrub'),
});
