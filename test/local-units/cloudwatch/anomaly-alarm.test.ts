// The band is a simple one of our own; what is shown is that an alarm on it is wired: which values are compared with which history.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnomalyAlarmPlan } from '../../../local/cloudwatch/alarm-plan.ts';
import { bandOf } from '../../../local/cloudwatch/anomaly-band.ts';
import { HEALTH, metricAlarm, virtualWatch } from './alarms.ts';

const { threshold: _threshold, comparison: _comparison, ...measuring } = metricAlarm();
const anomaly = (change: Partial<AnomalyAlarmPlan> = {}): AnomalyAlarmPlan => ({
  ...measuring,
  kind: 'anomaly',
  comparison: 'LessThanLowerOrGreaterThanUpperThreshold',
  deviations: 3,
  missing: 'notBreaching',
  ...change,
});

describe('a band', () => {
  test('is the mean, and so many standard deviations to either side', () => {
    expect(bandOf([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 2)).toEqual({ lower: 0, upper: 4 });
  });

  test('needs twelve points', () => {
    expect(bandOf(Array(11).fill(1), 3)).toBeUndefined();
    expect(bandOf(Array(12).fill(1), 3)).toEqual({ lower: 1, upper: 1 });
  });

  test('holds its mean, and is wider the more deviations it allows', () => {
    const points = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 12, maxLength: 300 });
    fc.assert(
      fc.property(points, (seen) => {
        const narrow = bandOf(seen, 1)!;
        const wide = bandOf(seen, 3)!;
        const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
        expect(narrow.lower).toBeLessThanOrEqual(mean);
        expect(narrow.upper).toBeGreaterThanOrEqual(mean);
        expect(wide.upper - wide.lower).toBeCloseTo(3 * (narrow.upper - narrow.lower), 3);
      }),
    );
  });
});

/** A quarter of an hour and more in which a minute has 9 and the next one 11. */
const usual = (virtual: ReturnType<typeof virtualWatch>, untilSeconds: number): void => {
  for (let at = 60; at <= untilSeconds; at += 60) virtual.runUntil(at, at % 120 === 0 ? 9 : 11);
};

test.each<[AnomalyAlarmPlan['comparison'], number, string]>([
  ['LessThanLowerOrGreaterThanUpperThreshold', 30, 'ALARM'],
  ['LessThanLowerOrGreaterThanUpperThreshold', 1, 'ALARM'],
  ['GreaterThanUpperThreshold', 30, 'ALARM'],
  ['GreaterThanUpperThreshold', 1, 'OK'],
  ['LessThanLowerThreshold', 30, 'OK'],
  ['LessThanLowerThreshold', 1, 'ALARM'],
  ['LessThanLowerOrGreaterThanUpperThreshold', 12, 'OK'],
])('%s: after a usual quarter of an hour, %i a minute is %s', (comparison, value, state) => {
  const virtual = virtualWatch([anomaly({ comparison })]);
  usual(virtual, 1_200);
  expect(virtual.readings()[0]?.state).toBe('OK');
  virtual.runUntil(1_330, value);
  expect(virtual.readings()[0]?.state).toBe(state);
});

test('what is unusual for long becomes usual', () => {
  const virtual = virtualWatch([anomaly()]);
  usual(virtual, 1_200);
  virtual.runUntil(6_000, 30);
  expect(virtual.said).toEqual([
    // Twelve periods before the range of five.
    '1025 s unhealthy INSUFFICIENT_DATA → OK',
    expect.stringMatching(/ unhealthy OK → ALARM$/),
    expect.stringMatching(/ unhealthy ALARM → OK$/),
  ]);
});

test('without a band nothing is judged, silence neither', () => {
  const virtual = virtualWatch([anomaly({ missing: 'breaching' })]);
  virtual.runUntil(1_200, undefined, HEALTH);
  expect(virtual.said).toEqual([]);
});
