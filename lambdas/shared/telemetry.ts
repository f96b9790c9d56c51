// Owns what leaves a function besides its answer: structured logs of allowed fields only, and EMF metrics.
// Leaves to metric-names.ts what is measured, and to the handlers when.
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  DOWNSTREAM_DIMENSION,
  type Downstream,
  METRICS,
  type MetricName,
  REGION_WIDE_METRICS,
} from './metric-names.ts';
import { METRIC_NAMESPACE, REGION_WIDE_SERVICE, type Slug } from './names.ts';

/** Everything that may stand in a log line. Bodies, names, tokens, idempotency keys and paths are not on it. */
const LOG_FIELDS = [
  'correlationId',
  'trace',
  'routeKey',
  'status',
  'problem',
  'durationMs',
  'accountId',
  'factKey',
  'seal',
  'outcome',
  'reason',
  'sequenceNumber',
  'count',
  'region',
  'queue',
  'audit',
  'perSecond',
  'errorName',
  'errorMessage',
  'stack',
] as const;

export type LogFields = { readonly [Field in (typeof LOG_FIELDS)[number]]?: string | number | undefined };

export interface Telemetry {
  count(metric: MetricName, value?: number): void;
  milliseconds(metric: MetricName, valueMs: number): void;
  /** One metric over all functions, its dimension what they depend on; written at once. */
  breakerOpened(downstream: Downstream): void;
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
  /** Writes the metrics counted since the last flush; call it once an invocation. */
  flush(): void;
}

/** Long enough for a cause, short enough for no document to hide in. */
const MAX_TEXT = 2_000;

/** The fields that are on the allow-list, whatever the compiler was told. */
export const allowedOnly = (fields: LogFields): Record<string, string | number> => {
  const allowed: Record<string, string | number> = {};
  for (const field of LOG_FIELDS) {
    const value = fields[field];
    if (value !== undefined) allowed[field] = typeof value === 'string' ? value.slice(0, MAX_TEXT) : value;
  }
  return allowed;
};

/** What an error may say in a log. */
export const errorFields = (error: unknown): LogFields =>
  error instanceof Error
    ? { errorName: error.name, errorMessage: error.message, stack: error.stack }
    : { errorName: typeof error, errorMessage: 'something that is no Error was thrown' };

/** Logs as JSON lines and metrics as EMF, both through Powertools; one a worker. */
export const createTelemetry = (slug: Slug): Telemetry => {
  const logger = new Logger({ serviceName: slug });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: slug });
  const regionWide = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: REGION_WIDE_SERVICE });
  return {
    count: (metric, value = 1) =>
      (REGION_WIDE_METRICS.has(metric) ? regionWide : metrics).addMetric(metric, MetricUnit.Count, value),
    milliseconds: (metric, valueMs) => metrics.addMetric(metric, MetricUnit.Milliseconds, valueMs),
    breakerOpened: (downstream) => {
      logger.warn('breaker opened', allowedOnly({ reason: downstream }));
      const alone = new Metrics({ namespace: METRIC_NAMESPACE, singleMetric: true });
      alone.clearDefaultDimensions();
      alone.addDimension(DOWNSTREAM_DIMENSION, downstream);
      alone.addMetric(METRICS.breakerOpened, MetricUnit.Count, 1);
    },
    info: (message, fields) => logger.info(message, allowedOnly(fields)),
    warn: (message, fields) => logger.warn(message, allowedOnly(fields)),
    error: (message, fields) => logger.error(message, allowedOnly(fields)),
    flush: () => {
      for (const stored of [metrics, regionWide]) if (stored.hasStoredMetrics()) stored.publishStoredMetrics();
    },
  };
};
