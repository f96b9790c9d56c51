// The proof of promise 6 where it counts most: what payers wait when a Region is lost is decided by the templates' threshold and TTL.
import { expect, test } from '@jest/globals';
import { conduct } from '../../drills/conduct.ts';
import { regionKilled } from '../../drills/faults/region.ts';
import { measure } from '../../drills/measure.ts';
import type { TemplateChange } from '../../drills/pair/changed-assembly.ts';
import type { Scenario } from '../../drills/scenario.ts';

const THRESHOLD = 4;
const TTL_SECONDS = 12;

const change: TemplateChange = (_region, resources) => {
  for (const { logicalId, properties, type } of resources) {
    if (type === 'AWS::Route53::HealthCheck' && /OwnHealth/.test(logicalId))
      properties.HealthCheckConfig.FailureThreshold = THRESHOLD;
    if (type === 'AWS::Route53::RecordSet' && /Shared/.test(logicalId)) properties.TTL = String(TTL_SECONDS);
  }
};

const loss: Scenario = {
  name: 'region-loss',
  hypothesis: 'Payers wait as long as the templates say.',
  blastRadius: 'One Region.',
  abortAfterSilenceMs: 120_000,
  change,
  play: async (stage) => {
    await stage.begin(regionKilled(stage.home));
    await stage.until('payers served by the other Region', () => stage.served(['dns']), 120_000);
  },
  promises: [],
};

test('four failed looks instead of one, and a TTL of 12 s instead of 5: no payer is served within the 30 s of the app as deployed', async () => {
  const recording = await conduct(loss, () => undefined);
  expect([recording.broken, recording.routing]).toEqual([
    undefined,
    { requestIntervalSeconds: 10, failureThreshold: 4, ttlSeconds: 12, failsAfterMs: 0 },
  ]);
  const { payers, predicted } = measure(recording);
  const rtoMs = payers.dns.rtoMs ?? Number.POSITIVE_INFINITY;
  // Three intervals of ten seconds before any checker turns, and two seconds of propagation at least.
  expect(rtoMs).toBeGreaterThan(32_000);
  expect(rtoMs).toBeLessThan(predicted.p99Ms + 10_000);
  expect(predicted.p50Ms).toBeGreaterThan(50_000);
  // Who knows both Regions does not depend on either.
  expect(payers.library.availability).toBeGreaterThan(0.9);
}, 300_000);
