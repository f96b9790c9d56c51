// Owns one alarm on metrics at one moment: which periods it looks at, which of their points breach, the state that follows and why.
// Leaves to missing-data.ts the verdict, to metric-store.ts the statistics, to metric-math.ts the expressions.
import { type AlarmStatus, COMPARISONS, type MeasuringAlarmPlan, type MetricQuery } from './alarm-plan.ts';
import { BAND_COMPARISONS, BAND_HISTORY_PERIODS, bandOf } from './anomaly-band.ts';
import { evaluateQueries, type Series } from './metric-math.ts';
import { evaluationRange, judge, type Point } from './missing-data.ts';

/** A statistic of a metric from `fromMs` up to `toMs`, exclusive; undefined where nothing was published. */
export type Statistics = (query: MetricQuery, fromMs: number, toMs: number) => number | undefined;

export interface Watch {
  readonly nowMs: number;
  /** Nothing is known of before: a period that began earlier is not silence. */
  readonly watchedSinceMs: number;
}

export interface Finding {
  readonly status: AlarmStatus;
  /** For whoever is told. */
  readonly reason: string;
}

export const MINUTE_MS = 60_000;
/** What was measured at the end of a minute is given so long to arrive before the minute is judged. */
export const SETTLES_WITHIN_MS = 5_000;

/** How far back `plan` looks, milliseconds. */
export const lookBackMs = ({ kind, evaluationPeriods, periodSeconds }: MeasuringAlarmPlan): number =>
  (evaluationRange(evaluationPeriods) + (kind === 'anomaly' ? BAND_HISTORY_PERIODS : 0)) * periodSeconds * 1000;

/**
 * Periods end at the last whole minute, whatever their length: an alarm over five minutes is evaluated every minute.
 * Source: CloudWatch user guide, "Using Amazon CloudWatch alarms", Evaluating an alarm.
 */
export const evaluateMetricAlarm = (
  plan: MeasuringAlarmPlan,
  statistics: Statistics,
  { nowMs, watchedSinceMs }: Watch,
  current: AlarmStatus,
): Finding => {
  const endMs = Math.floor((nowMs - SETTLES_WITHIN_MS) / MINUTE_MS) * MINUTE_MS;
  const range = evaluationRange(plan.evaluationPeriods);
  const periods = periodsUntil(endMs, range, plan).filter((period) =>
    isKnown(period, plan, statistics, watchedSinceMs),
  );
  if (periods.length === 0) {
    const isFine = plan.missing === 'notBreaching' && endMs - MINUTE_MS >= watchedSinceMs;
    return { status: isFine ? 'OK' : current, reason: 'nothing was measured, and no whole period has passed' };
  }
  const limit = limitOf(plan, () =>
    seriesOf(plan, periodsUntil(endMs - range * periodMsOf(plan), BAND_HISTORY_PERIODS, plan), statistics),
  );
  if (limit === undefined) return { status: current, reason: 'too little was seen for a band' };
  const series = seriesOf(plan, periods, statistics);
  const reason = reasonOf(plan, series, limit);
  const points = series.map((value): Point => {
    if (value === undefined) return 'missing';
    return limit.isBreached(value) ? 'breaching' : 'fine';
  });
  // Too young to ring: only a point within the threshold says more than nothing.
  if (periods.length < plan.datapointsToAlarm && !points.includes('fine')) return { status: current, reason };
  const evaluationPeriods = Math.min(periods.length, plan.evaluationPeriods);
  return { status: judge(points, { ...plan, evaluationPeriods }, current), reason };
};

interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The oldest first. */
const periodsUntil = (endMs: number, count: number, plan: MeasuringAlarmPlan): readonly Period[] =>
  Array.from({ length: count }, (_, index) => {
    const toMs = endMs - (count - 1 - index) * periodMsOf(plan);
    return { fromMs: toMs - periodMsOf(plan), toMs };
  });

const periodMsOf = ({ periodSeconds }: MeasuringAlarmPlan): number => periodSeconds * 1000;

/**
 * All of it was lived through or, of one that is longer than a minute, something was measured in it: an hour of which ten minutes
 * are known is the sum of the ten, as on AWS. Of any other the silence says nothing.
 */
const isKnown = (
  { fromMs, toMs }: Period,
  plan: MeasuringAlarmPlan,
  statistics: Statistics,
  watchedSinceMs: number,
): boolean =>
  fromMs >= watchedSinceMs ||
  (periodMsOf(plan) > MINUTE_MS &&
    plan.queries.some((query) => query.kind === 'metric' && statistics(query, fromMs, toMs) !== undefined));

const seriesOf = (plan: MeasuringAlarmPlan, periods: readonly Period[], statistics: Statistics): Series =>
  evaluateQueries(plan.queries, plan.returned, (id) =>
    periods.map(({ fromMs, toMs }) => statistics(metricNamed(plan, id), fromMs, toMs)),
  );

interface Limit {
  readonly isBreached: (value: number) => boolean;
  readonly text: string;
}

/** Undefined while there is no band. */
const limitOf = (plan: MeasuringAlarmPlan, history: () => Series): Limit | undefined => {
  const { comparison } = plan;
  if (plan.kind === 'metric') {
    const isBreached = (value: number) => COMPARISONS[plan.comparison](value, plan.threshold);
    return { isBreached, text: `${comparison} ${plan.threshold}` };
  }
  const band = bandOf(
    history().filter((value) => value !== undefined),
    plan.deviations,
  );
  if (band === undefined) return undefined;
  const isBreached = (value: number) => BAND_COMPARISONS[plan.comparison](value, band);
  return { isBreached, text: `${comparison} ${shown(band.lower)} … ${shown(band.upper)}` };
};

/** `the last 3 of 60 s: 0, none, 0; it rings at 2 LessThanThreshold 0.5, none counts as breaching`. */
const reasonOf = (plan: MeasuringAlarmPlan, series: Series, limit: Limit): string => {
  const { periodSeconds, evaluationPeriods, datapointsToAlarm, missing } = plan;
  const values = series.slice(-evaluationPeriods).map((value) => (value === undefined ? 'none' : shown(value)));
  return `the last ${values.length} of ${periodSeconds} s: ${values.join(', ')}; it rings at ${datapointsToAlarm} ${limit.text}, none counts as ${missing}`;
};

const shown = (value: number): string => String(Number(value.toPrecision(6)));

const metricNamed = (plan: MeasuringAlarmPlan, id: string): MetricQuery => {
  const query = plan.queries.find((one) => one.id === id);
  if (query?.kind !== 'metric') throw new Error(`alarm ${plan.name} has no metric ${id}`);
  return query;
};
