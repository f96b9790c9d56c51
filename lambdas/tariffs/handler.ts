// Owns the wiring of the tariffs function: what a worker makes once.
// Leaves to create-tariffs-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { openViews } from '../adapters/dynamo/watched-books.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createTariffsHandler } from './create-tariffs-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('tariffs');
const dynamo = new Dynamo({ region });
const ledger = new DynamoEventLog(dynamo, setting('ledgerTable'));
const views = openViews(dynamo, { clock: systemClock, telemetry });

export const handler = createTariffsHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  accounts: new Accounts(ledger, views),
  catalog: new DynamoCatalog(dynamo, setting('catalogTable')),
  clock: systemClock,
  telemetry,
});
