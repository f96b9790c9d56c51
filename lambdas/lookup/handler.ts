// Owns the wiring of the lookup function: what a worker makes once.
// Leaves to create-lookup-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../adapters/dynamo/rehydration.ts';
import { DynamoRequestCounter } from '../adapters/dynamo/request-counter.ts';
import { openWatchedBooks } from '../adapters/dynamo/watched-books.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { AccountLimit } from '../shared/account-limit.ts';
import { Accounts } from '../shared/accounts.ts';
import { createBreaker } from '../shared/breaker.ts';
import { numberSetting, ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createLookupHandler } from './create-lookup-handler.ts';
import { Staleness } from './staleness.ts';
import { ViewTrust } from './view-trust.ts';

const region = ownRegion();
const telemetry = createTelemetry('lookup');
const dynamo = new Dynamo({ region });
const { ledger, views } = openWatchedBooks(dynamo, { clock, telemetry });
const regionState = new DynamoRegionState(dynamo, setting('regionStateTable'));

export const handler = createLookupHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  ledger,
  views,
  accounts: new Accounts(ledger, views),
  staleness: new Staleness(region, regionState, clock, telemetry),
  trust: new ViewTrust(new DynamoRehydrations(dynamo, setting('regionStateTable')), clock, telemetry),
  usage: {
    catalog: new DynamoCatalog(dynamo, setting('catalogTable')),
    readings: new DynamoReadings(dynamo, setting('readingsTable')),
  },
  limit: new AccountLimit({
    budget: 'lookups',
    limit: numberSetting('lookupsPerAccount'),
    counter: new DynamoRequestCounter(dynamo, setting('requestCountsTable')),
    breaker: createBreaker('counts', { clock, telemetry }),
    clock,
    telemetry,
  }),
  clock,
  telemetry,
});
