// Owns the metrics of a Region that its alarms look at, for as long as an alarm looks back: by the minute, older ones coarser.
// Leaves to distribution.ts the values of one bucket, to the emulators what is published.
import type { AlarmPlan, MetricId, MetricQuery, Query } from './alarm-plan.ts';
import { Distribution } from './distribution.ts';
import { lookBackMs, MINUTE_MS } from './metric-alarm.ts';

/**
 * CloudWatch keeps minutes for 15 days, then five minutes, then hours; here the same in hours, so that a week takes a few hundred
 * buckets. A window that begins within a bucket leaves all of it out: of a window of six hours less than five minutes.
 */
const COARSER = [
  { afterMinutes: 180, bucketMinutes: 5 },
  { afterMinutes: 1_440, bucketMinutes: 60 },
] as const;

interface Kept {
  readonly minutes: number;
  /** By the minute that each begins with. */
  readonly buckets: Map<number, Bucket>;
}

interface Bucket {
  readonly minutes: number;
  readonly distribution: Distribution;
}

export class MetricStore {
  readonly #metrics = new Map<string, Kept>();

  /** What no alarm looks at is not kept. */
  constructor(alarms: readonly AlarmPlan[]) {
    for (const alarm of alarms) {
      if (alarm.kind === 'composite') continue;
      // One more, for the minute that is not over yet.
      const minutes = 1 + lookBackMs(alarm) / MINUTE_MS;
      for (const key of metricsOf(alarm.queries).map(keyOf)) {
        const known = this.#metrics.get(key)?.minutes ?? 0;
        this.#metrics.set(key, { minutes: Math.max(known, minutes), buckets: new Map() });
      }
    }
  }

  publish(metric: MetricId, values: readonly number[], atMs: number): void {
    const kept = this.#metrics.get(keyOf(metric));
    if (kept === undefined) return;
    const { distribution } = bucketAt(kept.buckets, Math.floor(atMs / MINUTE_MS), 1);
    for (const value of values) distribution.add(value);
  }

  /** Undefined when nothing was published from `fromMs` up to `toMs`, exclusive; both are whole minutes. */
  statistic({ metric, statistic }: MetricQuery, fromMs: number, toMs: number): number | undefined {
    const all = new Distribution();
    const [from, to] = [fromMs / MINUTE_MS, toMs / MINUTE_MS];
    this.#metrics.get(keyOf(metric))?.buckets.forEach(({ distribution }, minute) => {
      if (minute >= from && minute < to) all.merge(distribution);
    });
    return all.statistic(statistic);
  }

  /** Drops what no alarm looks at any more, and what a clock that has gone back left in the future; joins what is old. */
  forget(nowMs: number): void {
    const current = Math.floor(nowMs / MINUTE_MS);
    for (const { minutes, buckets } of this.#metrics.values()) {
      for (const [minute, bucket] of buckets) {
        const end = minute + bucket.minutes;
        if (end <= current - minutes || minute > current + 1) buckets.delete(minute);
        else joinOld(buckets, minute, bucket, current);
      }
    }
  }

  /** Buckets held of all metrics together, for tests of the bound. */
  get size(): number {
    return [...this.#metrics.values()].reduce((sum, { buckets }) => sum + buckets.size, 0);
  }
}

const bucketAt = (buckets: Map<number, Bucket>, minute: number, minutes: number): Bucket => {
  const found = buckets.get(minute);
  if (found !== undefined && found.minutes >= minutes) return found;
  const bucket = { minutes, distribution: found?.distribution ?? new Distribution() };
  buckets.set(minute, bucket);
  return bucket;
};

const joinOld = (buckets: Map<number, Bucket>, minute: number, bucket: Bucket, current: number): void => {
  for (const { afterMinutes, bucketMinutes } of COARSER) {
    const first = Math.floor(minute / bucketMinutes) * bucketMinutes;
    if (bucket.minutes >= bucketMinutes || first + bucketMinutes > current - afterMinutes) continue;
    const joined = bucketAt(buckets, first, bucketMinutes);
    if (first === minute) return;
    joined.distribution.merge(bucket.distribution);
    buckets.delete(minute);
    return;
  }
};

const metricsOf = (queries: readonly Query[]): readonly MetricId[] =>
  queries.flatMap((query) => (query.kind === 'metric' ? [query.metric] : []));

const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);
