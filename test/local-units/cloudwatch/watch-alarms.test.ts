import { describe, expect, test } from '@jest/globals';
import { compositeAlarm, HEALTH, metricAlarm, NOON_MS, virtualWatch } from './alarms.ts';

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
    const { runUntil, said, jump, tick } = virtualWatch([metricAlarm()]);
    runUntil(300, 1);
    jump(86_400);
    tick();
    runUntil(87_000, 1);
    expect(said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → OK']);
  });
});

test('periods of five minutes are evaluated every minute, over the five that ended last', () => {
  const alarm = metricAlarm({ periodSeconds: 300, evaluationPeriods: 1, datapointsToAlarm: 1 });
  const { runUntil, said } = virtualWatch([alarm]);
  runUntil(300, 1);
  runUntil(900, 0);
  expect(said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → OK', '485 s unhealthy OK → ALARM']);
});

describe('a period of hours', () => {
  const hours = metricAlarm({
    periodSeconds: 21_600,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
  });

  test('is judged on what of it is known', () => {
    const { runUntil, said } = virtualWatch([hours]);
    runUntil(120, 1);
    runUntil(600, 0);
    expect(said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → OK', '305 s unhealthy OK → ALARM']);
  });

  test('without any data is fine after a minute where silence is, and otherwise not judged before it is over', () => {
    const fine = virtualWatch([hours]);
    fine.runUntil(300);
    expect(fine.said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → OK']);
    const bad = virtualWatch([{ ...hours, missing: 'breaching' }]);
    bad.runUntil(21_700);
    expect(bad.said).toEqual(['21605 s unhealthy INSUFFICIENT_DATA → ALARM']);
  });

  test('is judged after a jump of the clock on what was measured before it', () => {
    const { runUntil, said, jump, tick } = virtualWatch([hours]);
    runUntil(600, 0);
    jump(7_200);
    tick();
    expect(said).toEqual(['65 s unhealthy INSUFFICIENT_DATA → ALARM']);
    jump(21_600);
    tick();
    runUntil(29_700, 1);
    expect(said.slice(1)).toEqual(['29465 s unhealthy ALARM → OK']);
  });
});

test('a Region that returns announces nothing that it announced before, and does not take its absence for silence', () => {
  const { runUntil, said, sent, jump, restart, readings } = virtualWatch([metricAlarm()]);
  runUntil(180, 1);
  jump(30);
  restart();
  expect(readings()[0]?.state).toBe('OK');
  runUntil(900, 1);
  expect([said, sent]).toEqual([['65 s unhealthy INSUFFICIENT_DATA → OK'], ['65 s unhealthy-ok']]);
});

test('who is told hears what changed, and why', () => {
  const virtual = virtualWatch([metricAlarm(), compositeAlarm()]);
  virtual.runUntil(180, 1);
  virtual.runUntil(330, 0);
  expect(virtual.notifications.slice(-2)).toEqual([
    {
      alarm: 'unhealthy',
      slug: 'unhealthy',
      tier: 'P1',
      region: 'us-east-1',
      from: 'OK',
      status: 'ALARM',
      reason: 'the last 3 of 60 s: 1, 0, 0; it rings at 2 LessThanThreshold 0.5, none counts as breaching',
      atMs: NOON_MS + 305_000,
      targets: ['unhealthy-alarm'],
    },
    {
      alarm: 'page',
      slug: 'page',
      tier: 'P0',
      region: 'us-east-1',
      from: 'OK',
      status: 'ALARM',
      reason: 'of its alarms these ring: unhealthy',
      atMs: NOON_MS + 305_000,
      targets: ['page-alarm'],
    },
  ]);
});

test('a reading tells the state and since when', () => {
  const { runUntil, readings, nowMs } = virtualWatch([metricAlarm()]);
  const startedMs = nowMs();
  expect(readings()).toEqual([{ name: 'unhealthy', state: 'INSUFFICIENT_DATA', sinceMs: startedMs }]);
  runUntil(120, 1);
  expect(readings()).toEqual([{ name: 'unhealthy', state: 'OK', sinceMs: startedMs + 65_000 }]);
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
  const virtual = virtualWatch([alarm], () => virtual.publish(queue, depth));
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
    const { runUntil, said, sent, publish } = virtualWatch(alarms);
    const both = (fromSeconds: number, untilSeconds: number, value: number): void => {
      for (let at = fromSeconds + 5; at <= untilSeconds; at += 5) {
        publish(other, value);
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
