// Owns what each alarm looks at: metric, period, threshold, and what silence means.
// Leaves to registry.ts how bad it is, and to stacks/alarms.ts whom it tells.
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { DOWNSTREAM_DIMENSION, DOWNSTREAMS, METRICS } from '../../lambdas/shared/metric-names.ts';
import { METRIC_NAMESPACE } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { failureQueueName } from '../names.ts';
import { backupsFailed } from './backup-signals.ts';
import { rolledBack } from './change-signals.ts';
import { type ErrorsSlug, WATCHED_SLUGS, type WatchedSlug } from './function-errors.ts';
import { goldenSignals } from './golden-signals.ts';
import { ofAlias, ofFunction, ofRegion, onQueue, own, total } from './metrics.ts';
import { queueSignals } from './queue-signals.ts';
import type { AlarmSlug, OutsideSlug } from './registry.ts';
import { AT_LEAST, BELOW, type Signal, type Threshold } from './signal.ts';
import { sloSignals } from './slo.ts';

/**
 * What a function did not foresee: crashes and time-outs, which Lambda counts, and 500s, which the handler does.
 * Any of them in a minute: a canary of 1 % meets few calls, and a right version has none.
 */
const functionErrors = (config: BaseloadConfig, slug: WatchedSlug): Threshold => {
  const crashed = ofAlias(config, slug, 'Errors', Stats.SUM);
  const metric = total({ crashed, refused: own(slug, METRICS.internalErrors, Stats.SUM) }, `${slug} errors`);
  return { metric, threshold: 1, comparison: AT_LEAST, periods: 1, breaches: 1, missing: 'silent is fine' };
};

const errorSignals = (config: BaseloadConfig) =>
  Object.fromEntries(WATCHED_SLUGS.map((slug) => [`${slug}-errors`, functionErrors(config, slug)])) as Record<
    ErrorsSlug,
    Threshold
  >;

/** Made in the Region stack, beside what it looks at: CloudWatch knows that by an id which nobody can know before. */
const PLACED_SLUGS = ['certificate-expiry'] as const satisfies readonly AlarmSlug[];
type PlacedSlug = (typeof PLACED_SLUGS)[number] | OutsideSlug;
/** Made in the alarms stack, before the Region stack whose canaries roll back on them. */
export type EarlySlug = Exclude<AlarmSlug, PlacedSlug>;
export const isEarly = (slug: AlarmSlug): slug is EarlySlug => !(PLACED_SLUGS as readonly AlarmSlug[]).includes(slug);

export const signals = (config: BaseloadConfig): Readonly<Record<EarlySlug, Signal>> => ({
  ...errorSignals(config),
  ...queueSignals(config),
  ...goldenSignals(config),
  ...sloSignals(config),
  'both-regions-unhealthy': { every: ['region-unhealthy', 'peer-unhealthy'] },
  // The peer's answer is asked for every minute. A Region that does not ask says nothing of its peer: that is peer-probe-silent.
  'peer-unhealthy': {
    metric: own('probe-peer', METRICS.peerHealthy, Stats.AVERAGE),
    threshold: 0.5,
    comparison: BELOW,
    periods: 3,
    breaches: 2,
    missing: 'silent is fine',
  },
  'routing-silent': {
    metric: own('probe-peer', METRICS.routingAnswers, Stats.AVERAGE),
    threshold: 0.5,
    comparison: BELOW,
    periods: 3,
    breaches: 2,
    missing: 'silent is fine',
  },
  'peer-probe-silent': {
    metric: own('probe-peer', METRICS.peerHealthy, Stats.SAMPLE_COUNT),
    threshold: 1,
    comparison: BELOW,
    periods: 5,
    breaches: 3,
    missing: 'silent is bad',
  },
  // MRSC has no metric of its own: the peer's heartbeats come through this Region's stream every few seconds, or they do not.
  'replication-lag': {
    metric: own('project-facts', METRICS.replicationLagMs, Stats.MAXIMUM),
    threshold: 60_000,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is bad',
  },
  'deployment-rolled-back': rolledBack(config),
  'region-unhealthy': {
    metric: own('health', METRICS.regionHealthy, Stats.AVERAGE),
    threshold: 0.5,
    comparison: BELOW,
    periods: 3,
    breaches: 2,
    missing: 'silent is bad',
  },
  'ledger-refusals': {
    metric: total(
      {
        paymentsRefused: own('payments', METRICS.ledgerNotAttempted, Stats.SUM),
        paymentsUnknown: own('payments', METRICS.ledgerOutcomeUnknown, Stats.SUM),
        operationsRefused: own('operations', METRICS.ledgerNotAttempted, Stats.SUM),
        operationsUnknown: own('operations', METRICS.ledgerOutcomeUnknown, Stats.SUM),
      },
      'refused or unknown',
    ),
    threshold: 5,
    comparison: AT_LEAST,
    // Traffic leaves a cut-off Region within half a minute: refusals that go on are not that.
    periods: 3,
    breaches: 3,
    missing: 'silent is fine',
  },
  'corrupt-fact': {
    metric: total(
      { corrupt: ofRegion(METRICS.corruptFact), tampered: ofRegion(METRICS.tamperedFact) },
      'corrupt or tampered facts',
    ),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  'archive-difference': {
    metric: own('archive-facts', METRICS.archiveDifferences, Stats.SUM),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  'reconciliation-difference': {
    metric: own('reconcile', METRICS.reconciliationDifferences, Stats.SUM),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  // Told every minute for as long as it lasts.
  'seal-difference': {
    metric: own('seal-windows', METRICS.sealDifferences, Stats.SUM),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  // A seal waits for the watermark, a minute or two at most. Silence means that some chain was not looked at.
  'seal-unverified': {
    metric: own('seal-windows', METRICS.oldestUnverifiedSealMs, Stats.MAXIMUM),
    threshold: 300_000,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is bad',
  },
  'facts-repaired': {
    metric: own('scrub', METRICS.factsRepaired, Stats.SUM),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  // Published by every run that came to its end, a minute each: a run that fails says so by scrub-errors, one that never starts by nothing.
  'scrub-silent': {
    metric: own('scrub', METRICS.itemsScrubbed, Stats.SAMPLE_COUNT),
    threshold: 1,
    comparison: BELOW,
    periods: 10,
    breaches: 5,
    missing: 'silent is bad',
  },
  'backups-failed': backupsFailed(config),
  'view-mended': {
    metric: own('seal-windows', METRICS.viewFactsMended, Stats.SUM),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
  // A breaker that opens once has met a hiccup. One that finds its downstream still away opens again, every few seconds.
  'breaker-opened': {
    metric: total(
      Object.fromEntries(
        DOWNSTREAMS.map((downstream) => [
          downstream,
          new Metric({
            namespace: METRIC_NAMESPACE,
            metricName: METRICS.breakerOpened,
            dimensionsMap: { [DOWNSTREAM_DIMENSION]: downstream },
            statistic: Stats.SUM,
            period: Duration.minutes(1),
          }),
        ]),
      ),
      'breakers opened',
    ),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is fine',
  },
  'clock-skew': {
    metric: ofRegion(METRICS.clockSkewRefusals),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 3,
    breaches: 2,
    missing: 'silent is fine',
  },
  // One batch that a queue refused is delivered again: it goes on for minutes when the queue or the right to send is gone.
  'dispatch-failures': {
    metric: ofRegion(METRICS.dispatchFailures),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is fine',
  },
  // The Region's own heartbeats come through its stream every few seconds, so silence is the worst lag there is.
  'projection-lag': {
    metric: own('project-facts', METRICS.projectionLagMs, Stats.MAXIMUM),
    threshold: 60_000,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is bad',
  },
  // Published every minute: silence means that nobody looks.
  'view-rehydration': {
    metric: own('rehydrate-view', METRICS.rehydrationProgress, Stats.MAXIMUM),
    threshold: 100,
    comparison: BELOW,
    periods: 3,
    breaches: 2,
    missing: 'silent is bad',
  },
  // The event source's own measure, early and without the function's help; by itself no payer notices.
  'projection-iterator-age': {
    metric: ofFunction(config, 'project-facts', 'IteratorAge', Stats.MAXIMUM),
    threshold: 30_000,
    comparison: AT_LEAST,
    periods: 5,
    breaches: 3,
    missing: 'silent is fine',
  },
  'projection-failures': {
    metric: onQueue(failureQueueName(config.jurisdiction), 'ApproximateNumberOfMessagesVisible'),
    threshold: 1,
    comparison: AT_LEAST,
    periods: 1,
    breaches: 1,
    missing: 'silent is fine',
  },
});
