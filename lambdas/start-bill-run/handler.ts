// Owns the wiring of the start-bill-run function: what a worker makes once.
// Leaves to create-start-bill-run-handler.ts what it does.
import { DynamoCatalog } from '../adapters/dynamo/catalog.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createStartBillRunHandler } from './create-start-bill-run-handler.ts';

const region = ownRegion();

export const handler = createStartBillRunHandler({
  catalog: new DynamoCatalog(new Dynamo({ region }), setting('catalogTable')),
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('bill-runs')),
  clock: systemClock,
  telemetry: createTelemetry('start-bill-run'),
});
