// Owns the wiring of the operations function: what a worker makes once.
// Leaves to create-operations-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoProfiles } from '../adapters/dynamo/profiles.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { openWatchedBooks } from '../adapters/dynamo/watched-books.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createOperationsHandler } from './create-operations-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('operations');
const dynamo = new Dynamo({ region });
const { ledger, views } = openWatchedBooks(dynamo, { clock: systemClock, telemetry });

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
