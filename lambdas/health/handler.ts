// Owns the wiring of the health function: what a worker makes once.
// Leaves to create-health-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoHeartbeats } from '../adapters/dynamo/heartbeats.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { jurisdictionRegions, ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createHealthHandler } from './create-health-handler.ts';

const region = ownRegion();
const dynamo = new Dynamo({ region });

export const handler = createHealthHandler({
  region,
  regions: jurisdictionRegions(),
  heartbeats: new DynamoHeartbeats(dynamo, setting('ledgerTable'), region, systemClock),
  regionState: new DynamoRegionState(dynamo, setting('regionStateTable')),
  clock: systemClock,
  telemetry: createTelemetry('health'),
});
