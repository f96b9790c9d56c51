import { describe, expect, test } from '@jest/globals';
import { compositeAlarm, HEALTH, metricAlarm, virtualWatch } from './alarms.ts';

describe('an alarm that silence rings, 2 of 3 minutes', () => {
  test('is judged on its first whole minute, rings after two bad ones, and recovers after two good ones', () => {
    const { runUntil, said, sent } = virtualWatch([metricAlarm()]);
    runUntil(180, 1);
    runUntil(330, 0);
    runUntil(600, 1);
    expect(said).toEqual([
      '65 s unhealthy INSUFFICIENT_DATA → OK',
      '305 s unhealthy OK → ALARM',
      '425 s unhealthy ALARM → OK',
    ]);
    expect(sent).toEqual(['65 s unhealthy-ok', '305 s unhealthy-alarm', '425 s unhealthy-ok']);
  });

  test('rings when nothing comes from the start, not before two minutes could have come', () => {
    const { runUntil, said } = virtualWatch([metricAlarm()]);
    runUntil(300);
    expect(said).toEqual(['125 s unhealthy INSUFFICIENT_DATA → ALARM']);
  });

  test('rings when data ends', () => {
    const { runUntil, said } = virtualWatch([metricAlarm()]);
    runUntil(300, 1);
    runUntil(900);
    // CloudWatch counts real points as long as three are in its range of five, and then needs two gaps.
    expect(said.slice(1)).toEqual(['545 s unhealthy OK → ALARM']);
  });

  test('does not take the sleep of a machine, or a clock that was moved, for silence', () => {
    const { runUntil, said, jump, watch } = virtualWatch([metricAlarm()]);
    runUntil(300, 1);
    jump(86_400);
    watch.tick();
    runUntil(87_000, 1);
    expect(said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → OK']);
  });
});

test('periods of five minutes are evaluated every minute, over the five that ended last', () => {
  const alarm = metricAlarm({ periodSeconds: 300, evaluationPeriods: 1, datapointsToAlarm: 1 });
  const { runUntil, said } = virtualWatch([alarm]);
  runUntil(300, 1);
  runUntil(900, 0);
  expect(said).toEqual(['305 s unhealthy INSUFFICIENT_DATA → OK', '485 s unhealthy OK → ALARM']);
});

test('a reading tells the state and since when', () => {
  const { runUntil, watch, nowMs } = virtualWatch([metricAlarm()]);
  const startedMs = nowMs();
  expect(watch.readings()).toEqual([{ name: 'unhealthy', state: 'INSUFFICIENT_DATA', sinceMs: startedMs }]);
  runUntil(120, 1);
  expect(watch.readings()).toEqual([{ name: 'unhealthy', state: 'OK', sinceMs: startedMs + 65_000 }]);
});

test('depths and ages are looked at before each evaluation', () => {
  let depth = 0;
  const queue = { namespace: 'AWS/SQS', name: 'Visible', dimensions: { QueueName: 'q' } };
  const alarm = metricAlarm({
    queries: [{ kind: 'metric', id: 'm', metric: queue, statistic: 'Maximum' }],
    returned: 'm',
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
  });
  const virtual = virtualWatch([alarm], () => virtual.store.publish(queue, [depth], virtual.nowMs()));
  virtual.runUntil(120);
  depth = 1;
  virtual.runUntil(200);
  depth = 0;
  virtual.runUntil(400);
  expect(virtual.said).toEqual([
    '65 s unhealthy INSUFFICIENT_DATA → OK',
    '185 s unhealthy OK → ALARM',
    '305 s unhealthy ALARM → OK',
  ]);
});

describe('a composite', () => {
  const other = { ...HEALTH, name: 'Other' };
  const child = metricAlarm({
    name: 'child',
    queries: [{ kind: 'metric', id: 'm', metric: other, statistic: 'Average' }],
    returned: 'm',
  });

  test('follows its alarms in the same evaluation, wherever it is listed', () => {
    const { runUntil, said } = virtualWatch([compositeAlarm(), metricAlarm()]);
    runUntil(180, 1);
    runUntil(310, 0);
    expect(said.filter((line) => line.includes('page'))).toEqual([
      '5 s page INSUFFICIENT_DATA → OK',
      '305 s page OK → ALARM',
    ]);
  });

  test('a lost Region pages once: the page over its children waits, finds its suppressor ringing, and stays quiet', () => {
    const page = compositeAlarm({
      rule: 'ALARM(child)',
      suppressor: { alarm: 'unhealthy', waitSeconds: 60, extensionSeconds: 60 },
    });
    const alarms = [metricAlarm(), child, page].map((one) =>
      one.name === 'child' ? { ...one, actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] } } : one,
    );
    const { runUntil, said, sent, store, nowMs } = virtualWatch(alarms);
    const both = (fromSeconds: number, untilSeconds: number, value: number): void => {
      for (let at = fromSeconds + 5; at <= untilSeconds; at += 5) {
        store.publish(other, [value], nowMs() + 4_999);
        runUntil(at, value);
      }
    };
    both(0, 180, 1);
    both(180, 400, 0);
    both(400, 900, 1);
    expect(said.filter((line) => line.includes('page'))).toEqual([
      '5 s page INSUFFICIENT_DATA → OK',
      '305 s page OK → ALARM',
      '545 s page ALARM → OK',
    ]);
    // After the recovery one word each: of the alarm that paged, and of the page that was held back.
    expect(sent).toEqual([
      '65 s unhealthy-ok',
      '65 s page-ok',
      '305 s unhealthy-alarm',
      '545 s unhealthy-ok',
      '605 s page-ok',
    ]);
  });
});
