// Owns the golden signals of the API's route groups: failures, latency, saturation of each, traffic of payments and of all.
// Leaves to route-groups.ts which groups there are, to slo.ts what failures cost over days.
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../lambdas/shared/metric-names.ts';
import { REGION_WIDE_SERVICE, type Slug } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { ofAlias, ofFunction, own, total } from './metrics.ts';
import {
  type GoldenSlug,
  ROUTE_GROUP_NAMES,
  ROUTE_GROUPS,
  type RouteFunction,
  type RouteGroupName,
} from './route-groups.ts';
import { type Anomaly, AT_LEAST, type Threshold } from './signal.ts';

/**
 * Of one in a hundred, milliseconds. A payment is some hundred, a lookup some tens, and a cold start one second more; every call to
 * AWS ends after five. A file of readings is parsed and sent in some thirty messages.
 */
const SLOW_MS: Readonly<Record<RouteGroupName, number>> = {
  payments: 2_000,
  lookups: 1_500,
  operations: 3_000,
  readings: 10_000,
};

/** So many of a hundred requests. A burst of a few is left to the client's retry. */
const FAILED_SHARE = 0.05;

/** Of the concurrency that is reserved: what comes beyond it is refused. */
const FULL_SHARE = 0.8;

const lasting = { comparison: AT_LEAST, periods: 5, breaches: 3, missing: 'silent is fine' } as const;

/** The worst of the functions, by a metric of each; a single one stands for itself. */
const worst = (
  functions: readonly RouteFunction[],
  metricOf: (slug: RouteFunction) => IMetric,
  label: string,
): IMetric => {
  const [first, ...more] = functions;
  if (first === undefined) throw new Error(`${label}: a route group has at least one function`);
  if (more.length === 0) return metricOf(first);
  return new MathExpression({
    expression: `MAX([${functions.map((slug) => `FILL(${slug}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(functions.map((slug) => [slug, metricOf(slug)])),
    label,
    period: Duration.minutes(1),
  });
};

const ofGroup = (config: BaseloadConfig, name: RouteGroupName): readonly (readonly [GoldenSlug, Threshold])[] => {
  const functions: readonly RouteFunction[] = ROUTE_GROUPS[name].functions;
  const used = (slug: RouteFunction): IMetric => ofFunction(config, slug, 'ConcurrentExecutions', Stats.MAXIMUM);
  const share = (slug: RouteFunction): IMetric =>
    new MathExpression({
      expression: `${slug}Used / ${config.reservedConcurrency[slug]}`,
      usingMetrics: { [`${slug}Used`]: used(slug) },
      label: `${slug}: used share of what is reserved`,
      period: Duration.minutes(1),
    });
  return [
    [
      `${name}-unavailable`,
      {
        metric: worst(functions, (slug) => own(slug, METRICS.unavailable, Stats.AVERAGE), `${name}: failed share`),
        threshold: FAILED_SHARE,
        ...lasting,
      },
    ],
    [
      `${name}-latency`,
      {
        metric: worst(functions, (slug) => ofAlias(config, slug, 'Duration', Stats.p(99)), `${name}: p99`),
        threshold: SLOW_MS[name],
        ...lasting,
      },
    ],
    [
      `${name}-saturation`,
      { metric: worst(functions, share, `${name}: used share of what is reserved`), threshold: FULL_SHARE, ...lasting },
    ],
  ];
};

/** A quarter of an hour outside three deviations: a night is not an anomaly, a portal that sends nobody is. */
const band = (metric: Metric): Anomaly => ({
  metric: metric.with({ period: Duration.minutes(5) }),
  deviations: 3,
  periods: 3,
  breaches: 3,
});

const API_FUNCTIONS: readonly Slug[] = ['payments', 'operations', 'lookup', 'tariffs', 'readings', 'health'];
const WORKERS: readonly Slug[] = ['project-facts', 'settle-payment', 'send-notice', 'store-readings', 'issue-bills'];

const throttles = (config: BaseloadConfig, functions: readonly Slug[], label: string): Threshold => ({
  metric: total(
    Object.fromEntries(functions.map((slug) => [idOf(slug), ofFunction(config, slug, 'Throttles', Stats.SUM)])),
    label,
  ),
  threshold: 1,
  ...lasting,
});

/** An id of metric math has no hyphen. */
const idOf = (slug: Slug): string => slug.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

export const goldenSignals = (config: BaseloadConfig) => ({
  ...(Object.fromEntries(ROUTE_GROUP_NAMES.flatMap((name) => ofGroup(config, name))) as Record<GoldenSlug, Threshold>),
  'payments-traffic': band(own('payments', METRICS.paymentsAccepted, Stats.SUM)),
  'total-traffic': band(own(REGION_WIDE_SERVICE, METRICS.apiUnavailable, Stats.SAMPLE_COUNT)),
  'api-throttles': throttles(config, API_FUNCTIONS, 'throttled requests'),
  'worker-throttles': throttles(config, WORKERS, 'throttled batches'),
});
