// Owns the wiring of the readings function: what a worker makes once.
// Leaves to create-readings-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { openViews } from '../adapters/dynamo/watched-books.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry, errorFields } from '../shared/telemetry.ts';
import { createReadingsHandler } from './create-readings-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('readings');
const dynamo = new Dynamo({ region });
const ledger = new DynamoEventLog(dynamo, setting('ledgerTable'));
const views = openViews(dynamo, { clock: systemClock, telemetry });
const onFailure = (error: unknown) => telemetry.warn('readings not sent to intake', errorFields(error));

export const handler = createReadingsHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  accounts: new Accounts(ledger, views),
  catalog: new DynamoCatalog(dynamo, setting('catalogTable')),
  batches: new DynamoReadings(dynamo, setting('readingsTable')),
  intake: new SqsQueue(createSqsClient({ region }), queueUrl('intake'), { onFailure }),
  clock: systemClock,
  telemetry,
});
