// Owns the wiring of the probe-peer function: what a worker makes once.
// Leaves to create-probe-peer-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { HttpRegionPages } from '../adapters/http-region-pages.ts';
import { ownRegion, peerRegion, setting } from '../shared/env.ts';
import { fullJitter } from '../shared/pacing.ts';
import { RETRIES, TIMEOUTS } from '../shared/policies.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createProbePeerHandler } from './create-probe-peer-handler.ts';

export const handler = createProbePeerHandler({
  peer: peerRegion(),
  hostnames: { own: setting('ownHostname'), peer: setting('peerHostname'), routed: setting('hostname') },
  pages: new HttpRegionPages(TIMEOUTS.probeMs),
  regionState: new DynamoRegionState(new Dynamo({ region: ownRegion() }), setting('regionStateTable')),
  pacing: fullJitter(RETRIES.probe),
  telemetry: createTelemetry('probe-peer'),
});
