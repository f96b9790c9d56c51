// Owns the wiring of the issue-bills function: what a worker makes once.
// Leaves to create-issue-bills-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { openViews } from '../adapters/dynamo/watched-books.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { createBreaker } from '../shared/breaker.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createIssueBillsHandler } from './create-issue-bills-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('issue-bills');
const dynamo = new Dynamo({ region });
const watched = { clock: systemClock, telemetry };

export const handler = createIssueBillsHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  views: openViews(dynamo, watched),
  usage: {
    catalog: new DynamoCatalog(dynamo, setting('catalogTable')),
    readings: new DynamoReadings(dynamo, setting('readingsTable')),
  },
  breakers: {
    ledger: createBreaker('ledger', watched),
    catalog: createBreaker('catalog', watched),
    readings: createBreaker('readings', watched),
  },
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('bill-runs')),
  random: Math.random,
  ...watched,
});
