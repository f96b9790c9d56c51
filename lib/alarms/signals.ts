// Owns what each alarm looks at: metric, period, threshold, and what silence means.
// Leaves to registry.ts how bad it is, and to stacks/alarms.ts whom it tells.
import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { DOWNSTREAM_DIMENSION, DOWNSTREAMS, METRICS, type MetricName } from '../../lambdas/shared/metric-names.ts';
import {
  deadLetterQueueName,
  functionName,
  LIVE_ALIAS,
  METRIC_NAMESPACE,
  QUEUES,
  type QueueSlug,
  queueName,
  REGION_WIDE_SERVICE,
  type Slug,
} from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { failureQueueName } from '../names.ts';
import { type AlarmSlug, queueAlarms, WATCHED_SLUGS } from './registry.ts';

export interface Signal {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** Of so many periods of a minute … */
  readonly periods: number;
  /** … so many must be over the threshold. */
  readonly breaches: number;
  /** `silent is bad`: no data counts as a breach. */
  readonly missing: 'silent is bad' | 'silent is fine';
}

export const treatMissing = ({ missing }: Signal): TreatMissingData =>
  missing === 'silent is bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;

const MINUTE = Duration.minutes(1);
const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: AT_LEAST, LESS_THAN_THRESHOLD: BELOW } = ComparisonOperator;

const own = (slug: Slug, metricName: MetricName, statistic: string): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: { service: slug }, statistic, period: MINUTE });

/** Of the Region as a whole, whichever function counted it. */
const ofRegion = (metricName: MetricName): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service: REGION_WIDE_SERVICE },
    statistic: Stats.SUM,
    period: MINUTE,
  });

/** A sum over functions in which a silent one counts as 0. */
const total = (metrics: Readonly<Record<string, Metric>>, label: string): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(' + '),
    usingMetrics: metrics,
    label,
    period: MINUTE,
  });

/**
 * What a function did not foresee: crashes and time-outs, which Lambda counts, and 500s, which the handler does.
 * Any of them in a minute: a canary of 1 % meets few calls, and a right version has none.
 */
const functionErrors = ({ jurisdiction }: BaseloadConfig, slug: Slug): Signal => {
  const name = functionName(jurisdiction, slug);
  const crashed = new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensionsMap: { FunctionName: name, Resource: `${name}:${LIVE_ALIAS}` },
    statistic: Stats.SUM,
    period: MINUTE,
  });
  const metric = total({ crashed, refused: own(slug, METRICS.internalErrors, Stats.SUM) }, `${slug} errors`);
  return { metric, threshold: 1, comparison: AT_LEAST, periods: 1, breaches: 1, missing: 'silent is fine' };
};

const errorSignals = (config: BaseloadConfig) =>
  Object.fromEntries(WATCHED_SLUGS.map((slug) => [`${slug}-errors`, functionErrors(config, slug)])) as Record<
    `${(typeof WATCHED_SLUGS)[number]}-errors`,
    Signal
  >;

const onQueue = (queueNamed: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueNamed },
    statistic: Stats.MAXIMUM,
    period: MINUTE,
  });

/**
 * How old the oldest message of a queue may get, seconds. The peer's copies wait a minute before they can be seen, and while a
 * processor is down the worker sends delayed copies, which start young: what is older than this is not being worked.
 */
const OLDEST_AGE_SECONDS: Readonly<Record<QueueSlug, number>> = {
  intake: 600,
  // A run puts every account on the queue at once, and has the night for them.
  'bill-runs': 3_600,
  settlements: 600,
  notices: 900,
};

const queueSignals = ({ jurisdiction }: BaseloadConfig) =>
  Object.fromEntries(
    QUEUES.flatMap((queue): readonly (readonly [string, Signal])[] => {
      const { oldestAge, deadLetters } = queueAlarms(queue);
      return [
        [
          oldestAge,
          {
            metric: onQueue(queueName(jurisdiction, queue), 'ApproximateAgeOfOldestMessage'),
            threshold: OLDEST_AGE_SECONDS[queue],
            comparison: AT_LEAST,
            periods: 5,
            breaches: 3,
            missing: 'silent is fine',
          },
        ],
        [
          deadLetters,
          {
            metric: onQueue(deadLetterQueueName(jurisdiction, queue), 'ApproximateNumberOfMessagesVisible'),
            threshold: 1,
            comparison: AT_LEAST,
            periods: 1,
            breaches: 1,
            missing: 'silent is fine',
          },
        ],
      ];
    }),
  ) as Record<ReturnType<typeof queueAlarms>['oldestAge' | 'deadLetters'], Signal>;

export const signals = (config: BaseloadConfig): Readonly<Record<AlarmSlug, Signal>> => ({
  ...errorSignals(config),
  ...queueSignals(config),
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
  'reconciliation-difference': {
    metric: own('reconcile', METRICS.reconciliationDifferences, Stats.SUM),
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
            period: MINUTE,
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
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      dimensionsMap: { FunctionName: functionName(config.jurisdiction, 'project-facts') },
      statistic: Stats.MAXIMUM,
      period: MINUTE,
    }),
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
