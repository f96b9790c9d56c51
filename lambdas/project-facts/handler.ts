// Owns the wiring of the project-facts function: what a worker makes once.
// Leaves to create-project-facts-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../adapters/dynamo/rehydration.ts';
import { DynamoScrubbing } from '../adapters/dynamo/scrubbing.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry, errorFields } from '../shared/telemetry.ts';
import { createProjectFactsHandler } from './create-project-facts-handler.ts';
import type { DispatchQueue } from './dispatch.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });
const sqs = createSqsClient({ region });
const telemetry = createTelemetry('project-facts');
const queue = (slug: DispatchQueue) =>
  new SqsQueue(sqs, queueUrl(slug), {
    onFailure: (error) => telemetry.warn('facts not dispatched', { reason: slug, ...errorFields(error) }),
  });

export const handler = createProjectFactsHandler({
  region,
  views: new DynamoViewStore(dynamo, setting('viewsTable'), { table: setting('sealWorkTable'), clock: systemClock }),
  queues: { settlements: queue('settlements'), notices: queue('notices') },
  suspects: new DynamoScrubbing(dynamo, setting('regionStateTable')),
  regionState: new DynamoRegionState(dynamo, setting('regionStateTable')),
  rehydrations: new DynamoRehydrations(dynamo, setting('regionStateTable')),
  clock: systemClock,
  telemetry,
});
