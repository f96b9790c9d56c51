// Owns the wiring of the operations function: what a worker makes once.
// Leaves to create-operations-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoProfiles } from '../adapters/dynamo/profiles.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { DynamoScrubbing } from '../adapters/dynamo/scrubbing.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { guardViews } from '../shared/guarded-views.ts';
import { handingOver } from '../shared/handing-over.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createOperationsHandler } from './create-operations-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('operations');
const dynamo = new Dynamo({ region });
const scrubber = { suspects: new DynamoScrubbing(dynamo, setting('regionStateTable')), telemetry };
const ledger = handingOver(new DynamoEventLog(dynamo, setting('ledgerTable')), scrubber);
const views = guardViews(
  handingOver(new DynamoViewStore(dynamo, setting('viewsTable')), scrubber),
  systemClock,
  telemetry,
);

export const handler = createOperationsHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  ledger,
  accounts: new Accounts(ledger, views),
  profiles: new DynamoProfiles(dynamo, setting('profilesTable')),
  usage: {
    catalog: new DynamoCatalog(dynamo, setting('catalogTable')),
    readings: new DynamoReadings(dynamo, setting('readingsTable')),
  },
  clock: systemClock,
  telemetry,
});
