// Owns one metric alarm at one moment: which periods it looks at, which of their points breach, and the state that follows.
// Leaves to missing-data.ts the verdict, to metric-store.ts the statistics.
import { type AlarmStatus, COMPARISONS, type MetricAlarmPlan, type MetricQuery } from './alarm-plan.ts';
import { evaluateQueries, type Series } from './metric-math.ts';
import { evaluationRange, judge, type Point } from './missing-data.ts';

/** A statistic of a metric from `fromMs` up to `toMs`, exclusive; undefined where nothing was published. */
export type Statistics = (query: MetricQuery, fromMs: number, toMs: number) => number | undefined;

export interface Watch {
  readonly nowMs: number;
  /** Nothing is known of before: a period that began earlier is not silence. */
  readonly watchedSinceMs: number;
}

export const MINUTE_MS = 60_000;
/** What was measured at the end of a minute is given so long to arrive before the minute is judged. */
const SETTLES_WITHIN_MS = 5_000;

/**
 * Periods end at the last whole minute, whatever their length: an alarm over five minutes is evaluated every minute.
 * Source: CloudWatch user guide, "Using Amazon CloudWatch alarms", Evaluating an alarm.
 */
export const evaluateMetricAlarm = (
  plan: MetricAlarmPlan,
  statistics: Statistics,
  { nowMs, watchedSinceMs }: Watch,
  current: AlarmStatus,
): AlarmStatus => {
  const periodMs = plan.periodSeconds * 1000;
  const endMs = Math.floor((nowMs - SETTLES_WITHIN_MS) / MINUTE_MS) * MINUTE_MS;
  const lived = Math.max(0, Math.floor((endMs - watchedSinceMs) / periodMs));
  if (lived === 0) return current;
  const range = Math.min(lived, evaluationRange(plan.evaluationPeriods));
  const series = evaluateQueries(plan.queries, plan.returned, (id) => {
    const query = metricNamed(plan, id);
    return Array.from({ length: range }, (_, index): number | undefined => {
      const toMs = endMs - (range - 1 - index) * periodMs;
      return statistics(query, toMs - periodMs, toMs);
    });
  });
  const points = pointsOf(plan, series);
  // Too young to ring: only a point within the threshold says more than nothing.
  if (lived < plan.datapointsToAlarm && !points.includes('fine')) return current;
  return judge(points, { ...plan, evaluationPeriods: Math.min(lived, plan.evaluationPeriods) }, current);
};

const pointsOf = ({ comparison, threshold }: MetricAlarmPlan, series: Series): readonly Point[] =>
  series.map((value) => {
    if (value === undefined) return 'missing';
    return COMPARISONS[comparison](value, threshold) ? 'breaching' : 'fine';
  });

const metricNamed = (plan: MetricAlarmPlan, id: string): MetricQuery => {
  const query = plan.queries.find((one) => one.id === id);
  if (query?.kind !== 'metric') throw new Error(`alarm ${plan.name} has no metric ${id}`);
  return query;
};
