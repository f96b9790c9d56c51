import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetricQuery } from '../../../local/cloudwatch/alarm-plan.ts';
import { Distribution, percentOf } from '../../../local/cloudwatch/distribution.ts';
import { MetricStore } from '../../../local/cloudwatch/metric-store.ts';
import { HEALTH, metricAlarm, NOON_MS } from './alarms.ts';

const MINUTE_MS = 60_000;
const query = (statistic: string): MetricQuery => ({ kind: 'metric', id: 'm', metric: HEALTH, statistic });

test('values fall into the minute of their time, and a period is the minutes in it', () => {
  const store = new MetricStore([metricAlarm()]);
  store.publish(HEALTH, [1, 3], NOON_MS);
  store.publish(HEALTH, [5], NOON_MS + 59_999);
  store.publish(HEALTH, [11], NOON_MS + 60_000);
  const of = (statistic: string, minutes: number) =>
    store.statistic(query(statistic), NOON_MS, NOON_MS + minutes * MINUTE_MS);
  expect(['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'].map((one) => of(one, 1))).toEqual([3, 9, 3, 1, 5]);
  expect(['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'].map((one) => of(one, 2))).toEqual([4, 20, 5, 1, 11]);
  expect(store.statistic(query('Sum'), NOON_MS - MINUTE_MS, NOON_MS)).toBeUndefined();
});

test('dimensions are the same in any order, and others are another metric', () => {
  const metric = { ...HEALTH, dimensions: { a: '1', b: '2' } };
  const store = new MetricStore([metricAlarm({ queries: [{ kind: 'metric', id: 'm', metric, statistic: 'Sum' }] })]);
  store.publish({ ...metric, dimensions: { b: '2', a: '1' } }, [1], NOON_MS);
  store.publish({ ...metric, dimensions: { a: '1' } }, [1], NOON_MS);
  expect(store.statistic({ ...query('Sum'), metric }, NOON_MS, NOON_MS + MINUTE_MS)).toBe(1);
});

test('what no alarm looks at is not kept, and what one looked at only as long as it looks back', () => {
  const store = new MetricStore([metricAlarm({ evaluationPeriods: 3 })]);
  for (let minute = 0; minute < 1_000; minute++) {
    const nowMs = NOON_MS + minute * MINUTE_MS;
    store.publish(HEALTH, [1], nowMs);
    store.publish({ ...HEALTH, name: 'Other' }, [1], nowMs);
    store.forget(nowMs);
  }
  // Five of the evaluation range, one that settles, and the one that is not over.
  expect(store.size).toBe(7);
});

test('a week is kept in a few hundred buckets: minutes for three hours, five of them for a day, then hours', () => {
  const week = metricAlarm({ periodSeconds: 86_400, evaluationPeriods: 5 });
  const store = new MetricStore([week]);
  const minutes = 10 * 1_440;
  let most = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const nowMs = NOON_MS + minute * MINUTE_MS;
    store.publish(HEALTH, [1], nowMs);
    store.forget(nowMs);
    most = Math.max(most, store.size);
  }
  expect(most).toBeLessThanOrEqual(185 + 264 + 145);
  const endMs = NOON_MS + minutes * MINUTE_MS;
  const sumOf = (hours: number) => store.statistic(query('Sum'), endMs - hours * 60 * MINUTE_MS, endMs);
  expect([1, 3, 6, 24, 72, 168].map(sumOf)).toEqual([60, 180, 360, 1_440, 4_320, 10_080]);
});

test('a window that begins within a bucket of what is old leaves that bucket out', () => {
  const store = new MetricStore([metricAlarm({ periodSeconds: 21_600 })]);
  for (let minute = 0; minute < 600; minute++) store.publish(HEALTH, [1], NOON_MS + minute * MINUTE_MS);
  store.forget(NOON_MS + 600 * MINUTE_MS);
  const sumFrom = (minute: number) =>
    store.statistic(query('Sum'), NOON_MS + minute * MINUTE_MS, NOON_MS + 600 * MINUTE_MS);
  expect([240, 241, 244, 245].map(sumFrom)).toEqual([360, 355, 355, 355]);
});

test('each metric is kept as long as its own alarms look back', () => {
  const other = { ...HEALTH, name: 'Other' };
  const long = metricAlarm({
    name: 'long',
    periodSeconds: 3_600,
    evaluationPeriods: 1,
    queries: [{ kind: 'metric', id: 'm', metric: other, statistic: 'Sum' }],
  });
  const store = new MetricStore([metricAlarm({ evaluationPeriods: 1 }), long]);
  for (let minute = 0; minute < 600; minute++) {
    for (const metric of [HEALTH, other]) store.publish(metric, [1], NOON_MS + minute * MINUTE_MS);
    store.forget(NOON_MS + minute * MINUTE_MS);
  }
  const sumOf = (metric: typeof HEALTH) =>
    store.statistic({ ...query('Sum'), metric }, NOON_MS, NOON_MS + 600 * MINUTE_MS);
  expect([sumOf(HEALTH), sumOf(other)]).toEqual([5, 182]);
});

describe('percentiles', () => {
  test('are within 1 % of the value at their rank', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(50, 90, 99, 99.9, 100),
        (values, percent) => {
          const distribution = new Distribution();
          for (const value of values) distribution.add(value);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil((percent / 100) * values.length)) - 1]!;
          const found = distribution.statistic(`p${percent}`)!;
          expect(Math.abs(found - exact) / exact).toBeLessThan(0.01);
        },
      ),
    );
  });

  test('of what is not above 0 are 0', () => {
    const distribution = new Distribution();
    for (const value of [0, 0, 0, 8]) distribution.add(value);
    expect([distribution.statistic('p50'), distribution.statistic('p100')]).toEqual([0, 8]);
  });

  test.each(['p', 'p101', 'tm90', 'average'])('the statistic %s is refused', (statistic) => {
    expect(() => percentOf(statistic)).toThrow(
      `the statistic ${statistic} is not known here: there are SampleCount, Sum, Average, Minimum, Maximum and percentiles, as p99`,
    );
  });
});
