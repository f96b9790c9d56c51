// Owns the wiring of the project-facts function: what a worker makes once.
// Leaves to create-project-facts-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createProjectFactsHandler } from './create-project-facts-handler.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });

export const handler = createProjectFactsHandler({
  region,
  views: new DynamoViewStore(dynamo, setting('viewsTable')),
  regionState: new DynamoRegionState(dynamo, setting('regionStateTable')),
  clock: systemClock,
  telemetry: createTelemetry('project-facts'),
});
