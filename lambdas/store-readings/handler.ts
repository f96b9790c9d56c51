// Owns the wiring of the store-readings function: what a worker makes once.
// Leaves to create-store-readings-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { createBreaker } from '../shared/breaker.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createStoreReadingsHandler } from './create-store-readings-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('store-readings');

export const handler = createStoreReadingsHandler({
  readings: new DynamoReadings(new Dynamo({ region }), setting('readingsTable')),
  breaker: createBreaker('readings', { clock, telemetry }),
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('intake')),
  clock,
  random: Math.random,
  telemetry,
});
