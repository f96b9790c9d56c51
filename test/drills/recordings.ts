// Owns a recording to measure and to draw: a Region killed at 10 s, served again by the other one at 30 s, back at 40 s.
import type { Arrival } from '../../drills/load/open-load.ts';
import type { Sample } from '../../drills/observation.ts';
import type { Recording } from '../../drills/recording.ts';

const FROM_MS = 1_000_000;
export const FAULT_SECOND = 10;

const arrival = (kind: Arrival['kind'], second: number, waitMs: number | undefined, sendings = 1): Arrival => ({
  kind,
  accountId: 'us_a',
  idempotencyKey: `${kind}-${second}`,
  amountMinor: 1_000 + second,
  dueMs: FROM_MS + second * 1_000,
  sendings,
  ...(waitMs === undefined
    ? {}
    : {
        acknowledged: { paymentId: `pay_${kind}${second}`, position: 'p' },
        acknowledgedMs: FROM_MS + second * 1_000 + waitMs,
      }),
});

const sample = (second: number, answer: string, process: 'up' | 'down', ringing: Sample['ringing'] = []): Sample => ({
  atMs: FROM_MS + second * 1_000,
  answer,
  regions: {
    'us-east-1': { process, network: 'connected', health: process === 'up' ? 'healthy' : 'unhealthy' },
    'us-west-2': { process: 'up', network: 'connected', health: 'healthy' },
  },
  clockOffsetMs: 0,
  ringing,
});

/** By the run's clock, which is 5 s ahead. */
const RINGING = { slug: 'peer-unhealthy', tier: 'P0', region: 'us-west-2', sinceMs: FROM_MS + 40_000 } as const;

export const lossRecorded = (): Recording => ({
  regionNames: ['us-east-1', 'us-west-2'],
  home: 'us-east-1',
  routing: { requestIntervalSeconds: 10, failureThreshold: 1, ttlSeconds: 5, failsAfterMs: 0 },
  writeLatency: { region: 'us-east-1', writes: 25, ledgerMs: 27, singleRegionMs: 4 },
  fromMs: FROM_MS,
  untilMs: FROM_MS + 50_000,
  arrivals: [
    arrival('dns', 2, 100),
    arrival('dns', 12, 18_000, 20),
    arrival('dns', 45, 120),
    arrival('dns-kept', 2, 90),
    arrival('dns-kept', 12, undefined, 30),
    arrival('library', 9, 2_500),
    arrival('library', 12, 800),
  ],
  refusals: [
    { kind: 'dns', atMs: FROM_MS + 12_050, what: 'ECONNREFUSED' },
    { kind: 'dns-kept', atMs: FROM_MS + 41_000, what: '503 outcome-unknown' },
  ],
  samples: [
    sample(0, 'us-east-1', 'up'),
    sample(10.5, 'us-east-1', 'down'),
    sample(24, 'us-west-2', 'down', [RINGING]),
    sample(41, 'us-west-2', 'up'),
    sample(48, 'us-east-1', 'up'),
  ],
  bands: [
    {
      what: 'us-east-1 killed',
      fromMs: FROM_MS + FAULT_SECOND * 1_000,
      untilMs: FROM_MS + 40_000,
      clockOffsetMs: 5_000,
    },
  ],
  marks: [{ what: 'payers <served>', atMs: FROM_MS + 30_000 }],
  rpoFacts: 0,
  findings: {
    audit: { acknowledged: 6, lost: [], doubled: [], misnamed: [], unacknowledgedButStored: 1 },
    agreeingViews: ['us-east-1', 'us-west-2'],
    chargedTwice: 0,
    settled: 5,
  },
});
