// Owns the wiring of the store-readings function: what a worker makes once.
// Leaves to create-store-readings-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoReadings } from '../adapters/dynamo/readings.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createStoreReadingsHandler } from './create-store-readings-handler.ts';

export const handler = createStoreReadingsHandler({
  readings: new DynamoReadings(new Dynamo({ region: ownRegion() }), setting('readingsTable')),
  telemetry: createTelemetry('store-readings'),
});
