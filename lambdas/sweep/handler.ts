// Owns the wiring of the sweep function: what a worker makes once.
// Leaves to create-sweep-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoOpenWork } from '../adapters/dynamo/open-work.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry, errorFields } from '../shared/telemetry.ts';
import { createSweepHandler } from './create-sweep-handler.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });
const telemetry = createTelemetry('sweep');

export const handler = createSweepHandler({
  openWork: new DynamoOpenWork(dynamo, setting('viewsTable')),
  views: new DynamoViewStore(dynamo, setting('viewsTable')),
  settlements: new SqsQueue(createSqsClient({ region }), queueUrl('settlements'), {
    onFailure: (error) => telemetry.warn('payments not enqueued', errorFields(error)),
  }),
  clock: systemClock,
  telemetry,
});
