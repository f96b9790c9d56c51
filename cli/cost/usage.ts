// Owns how often what the templates declare is used: figures that no template has, each with where it comes from.
// Leaves to prices.ts what a unit costs, and to idle.ts and payments.ts the sums.
import type { MetricName } from '../../lambdas/shared/metric-names.ts';
import { METRICS } from '../../lambdas/shared/metric-names.ts';
import type { Slug } from '../../lambdas/shared/names.ts';

/** 730 hours, as AWS counts. */
export const MONTH_SECONDS = 730 * 3_600;

/** Of Route 53, each asking at the check's interval: two or three in each of eight Regions. */
export const CHECKERS = 16;

/** A probe of `/health` (lambdas/health/ledger-probe.ts): so many keys, each read back, and its result counts for so long. */
export const PROBE = { keys: 4, keptSeconds: 2 } as const;

/** A table that was just made has about four; a stream has a shard for each. */
export const SHARDS = 4;

/** Shards that `keys` of one probe fall on, in the mean: each shard is missed by all of them with (1 - 1/n)^keys. */
export const shardsMet = (keys: number): number => SHARDS * (1 - (1 - 1 / SHARDS) ** keys);

/** Seconds, at the memory of the template; a third of the calls of `/health` wait for the round trips of a probe. */
export const CALL_SECONDS = { health: 0.015, 'project-facts': 0.015 } as const;

/** Of the payer from outside: four requests over the world's network, at the memory that Synthetics gives. */
export const CANARY_RUN = { seconds: 4, gigabytes: 1 } as const;

/** Of one call by a schedule, while there is no work. Read units are the most: a ledger of some thousand facts, and none was just written. */
export const SCHEDULED: Partial<Readonly<Record<Slug, { readonly seconds: number; readonly readUnits: number }>>> = {
  // The checkpoint.
  'rehydrate-view': { seconds: 0.03, readUnits: 1 },
  // 200 items each of ledger and view, and of each account met its items in both, its sums and its open work.
  scrub: { seconds: 1, readUnits: 300 },
  // 64 chains and 64 lists of facts not sealed yet, heads and watermarks.
  'seal-windows': { seconds: 2, readUnits: 131 },
  // Three requests to hostnames, side by side.
  'probe-peer': { seconds: 0.3, readUnits: 1 },
  // Alarms, deployments, and how much lies in each dead-letter queue.
  redrive: { seconds: 0.5, readUnits: 5 },
  // The index of open work in 16 parts.
  sweep: { seconds: 0.2, readUnits: 16 },
};

/** A poller of SQS waits 20 s for a message; Lambda begins with five a queue. */
export const POLLERS = 5;
export const POLL_SECONDS = 20;

/** Bytes, each with the 26 that CloudWatch adds. */
export const LOG_BYTES = {
  /** A request in the access log. */
  access: 330,
  /** The metrics of a call, as EMF. */
  metrics: 380,
  /** START, END and REPORT. */
  system: 380,
} as const;

/** Published while nothing happens, in each Region; the rest is paid for the hours in which it is. */
export const METRICS_AT_REST: readonly (readonly [Slug, MetricName])[] = [
  ['health', METRICS.requestMs],
  ['health', METRICS.regionHealthy],
  ['project-facts', METRICS.projectionLagMs],
  ['project-facts', METRICS.replicationLagMs],
  ['rehydrate-view', METRICS.rehydrationProgress],
  ['scrub', METRICS.itemsScrubbed],
  ['seal-windows', METRICS.oldestUnverifiedSealMs],
  ['probe-peer', METRICS.peerHealthy],
  ['probe-peer', METRICS.routingAnswers],
];

/** An anomaly alarm is paid as three metrics: the measured one and both edges of its band. */
export const METRICS_OF_A_BAND = 3;
