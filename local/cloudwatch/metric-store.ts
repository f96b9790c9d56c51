// Owns the metrics of a Region that its alarms look at, minute by minute, for as long as an alarm looks back.
// Leaves to distribution.ts a minute's values, to the emulators what is published.
import type { AlarmPlan, MetricId, MetricQuery, Query } from './alarm-plan.ts';
import { Distribution } from './distribution.ts';
import { MINUTE_MS } from './metric-alarm.ts';
import { evaluationRange } from './missing-data.ts';

/** By the number of the minute. */
type Minutes = Map<number, Distribution>;

export class MetricStore {
  readonly #metrics: ReadonlyMap<string, Minutes>;
  readonly #keptMinutes: number;

  /** What no alarm looks at is not kept. */
  constructor(plans: readonly AlarmPlan[]) {
    const alarms = plans.filter((alarm) => alarm.kind === 'metric');
    this.#metrics = new Map(
      alarms.flatMap(({ queries }) => metricsOf(queries)).map((metric) => [keyOf(metric), new Map()]),
    );
    // One more than the range, for the minute that is not over yet.
    this.#keptMinutes =
      1 +
      Math.max(
        0,
        ...alarms.map((alarm) => (evaluationRange(alarm.evaluationPeriods) * alarm.periodSeconds * 1000) / MINUTE_MS),
      );
  }

  publish(metric: MetricId, values: readonly number[], atMs: number): void {
    const minutes = this.#metrics.get(keyOf(metric));
    if (minutes === undefined) return;
    const minute = Math.floor(atMs / MINUTE_MS);
    const distribution = minutes.get(minute) ?? new Distribution();
    for (const value of values) distribution.add(value);
    minutes.set(minute, distribution);
  }

  /** Undefined when nothing was published from `fromMs` up to `toMs`, exclusive; both are whole minutes. */
  statistic({ metric, statistic }: MetricQuery, fromMs: number, toMs: number): number | undefined {
    const minutes = this.#metrics.get(keyOf(metric));
    const all = new Distribution();
    for (let minute = fromMs / MINUTE_MS; minute < toMs / MINUTE_MS; minute++) {
      const distribution = minutes?.get(minute);
      if (distribution !== undefined) all.merge(distribution);
    }
    return all.statistic(statistic);
  }

  /** Drops what no alarm looks at any more, and what a clock that has gone back left in the future. */
  forget(nowMs: number): void {
    const current = Math.floor(nowMs / MINUTE_MS);
    for (const minutes of this.#metrics.values()) {
      for (const minute of minutes.keys()) {
        if (minute < current - this.#keptMinutes || minute > current + 1) minutes.delete(minute);
      }
    }
  }

  /** Minutes held of all metrics together, for tests of the bound. */
  get size(): number {
    return [...this.#metrics.values()].reduce((sum, minutes) => sum + minutes.size, 0);
  }
}

const metricsOf = (queries: readonly Query[]): readonly MetricId[] =>
  queries.flatMap((query) => (query.kind === 'metric' ? [query.metric] : []));

const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);
