// Owns the list of drills, in the order in which all of them are run.
// Leaves each to its own file.
import type { Scenario } from '../scenario.ts';
import { badDeploy } from './bad-deploy.ts';
import { bitRot } from './bit-rot.ts';
import { bothRegionsDegraded } from './both-regions-degraded.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { clockSkew } from './clock-skew.ts';
import { consumerCrashLoop } from './consumer-crash-loop.ts';
import { issuerOutage } from './issuer-outage.ts';
import { partition } from './partition.ts';
import { poisonMessages } from './poison-messages.ts';
import { processorOutage } from './processor-outage.ts';
import { queueFlood } from './queue-flood.ts';
import { regionLoss } from './region-loss.ts';
import { regionLossUnderPeak } from './region-loss-under-peak.ts';
import { regionReturn } from './region-return.ts';
import { rollingRestart } from './rolling-restart.ts';
import { slowStore } from './slow-store.ts';
import { storeThrottling } from './store-throttling.ts';

export const SCENARIOS: readonly Scenario[] = [
  regionLoss,
  partition,
  poisonMessages,
  regionReturn,
  regionLossUnderPeak,
  storeThrottling,
  slowStore,
  processorOutage,
  queueFlood,
  consumerCrashLoop,
  bitRot,
  clockSkew,
  rollingRestart,
  badDeploy,
  issuerOutage,
  certificateExpiry,
  bothRegionsDegraded,
];
