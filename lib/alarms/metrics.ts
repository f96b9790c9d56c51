// Owns how the metrics that alarms look at are written: of a function, of the Region, of Lambda, of a queue; sums of them.
// Leaves to the signals which of them, and over what time: a minute unless they say otherwise.
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../lambdas/shared/metric-names.ts';
import {
  functionName,
  LIVE_ALIAS,
  METRIC_NAMESPACE,
  REGION_WIDE_SERVICE,
  type Slug,
} from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';

const MINUTE = Duration.minutes(1);

export const own = (service: Slug | typeof REGION_WIDE_SERVICE, metricName: MetricName, statistic: string): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: { service }, statistic, period: MINUTE });

/** Of the Region as a whole, whichever function counted it. */
export const ofRegion = (metricName: MetricName): Metric => own(REGION_WIDE_SERVICE, metricName, Stats.SUM);

/** A sum over metrics in which a silent one counts as 0. */
export const total = (metrics: Readonly<Record<string, Metric>>, label: string, period = MINUTE): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(' + '),
    usingMetrics: Object.fromEntries(Object.entries(metrics).map(([id, metric]) => [id, metric.with({ period })])),
    label,
    period,
  });

/** What Lambda measures of the alias that everything calls. */
export const ofAlias = (
  { jurisdiction }: BaseloadConfig,
  slug: Slug,
  metricName: string,
  statistic: string,
): Metric => {
  const name = functionName(jurisdiction, slug);
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: name, Resource: `${name}:${LIVE_ALIAS}` },
    statistic,
    period: MINUTE,
  });
};

/** What Lambda measures of a function as a whole: concurrency is reserved for that. */
export const ofFunction = (
  { jurisdiction }: BaseloadConfig,
  slug: Slug,
  metricName: string,
  statistic: string,
): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName(jurisdiction, slug) },
    statistic,
    period: MINUTE,
  });

export const onQueue = (queueNamed: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueNamed },
    statistic: Stats.MAXIMUM,
    period: MINUTE,
  });
