// Owns small alarms for the tests of their evaluation, and a Region whose alarms run on virtual time.
import type { AlarmPlan, CompositeAlarmPlan, MetricAlarmPlan, MetricId } from '../../../local/cloudwatch/alarm-plan.ts';
import type { Memory, Notification } from '../../../local/cloudwatch/evaluate-alarms.ts';
import { MetricStore } from '../../../local/cloudwatch/metric-store.ts';
import { AlarmWatch } from '../../../local/cloudwatch/watch-alarms.ts';

export const HEALTH: MetricId = { namespace: 'Baseload', name: 'RegionHealthy', dimensions: { service: 'health' } };
/** A whole minute. */
export const NOON_MS = Date.UTC(2026, 0, 1, 12);

const actionsOf = (name: string) => ({ ALARM: [`${name}-alarm`], OK: [`${name}-ok`], INSUFFICIENT_DATA: [] });

export const metricAlarm = (change: Partial<MetricAlarmPlan> = {}): MetricAlarmPlan => ({
  kind: 'metric',
  name: 'unhealthy',
  slug: 'unhealthy',
  tier: 'P1',
  region: 'us-east-1',
  description: '',
  actions: actionsOf(change.name ?? 'unhealthy'),
  queries: [{ kind: 'metric', id: 'metric', metric: HEALTH, statistic: 'Average' }],
  returned: 'metric',
  periodSeconds: 60,
  comparison: 'LessThanThreshold',
  threshold: 0.5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: 'breaching',
  ...change,
});

export const compositeAlarm = (change: Partial<CompositeAlarmPlan> = {}): CompositeAlarmPlan => ({
  kind: 'composite',
  name: 'page',
  slug: 'page',
  tier: 'P0',
  region: 'us-east-1',
  description: '',
  actions: actionsOf(change.name ?? 'page'),
  rule: 'ALARM(unhealthy)',
  ...change,
});

/** Alarms that are evaluated every 5 seconds of a time that only passes when told. */
export const virtualWatch = (alarms: readonly AlarmPlan[], sample: () => void = () => undefined) => {
  let nowMs = NOON_MS;
  let memory: Memory = new Map();
  let store = new MetricStore(alarms);
  const said: string[] = [];
  const sent: string[] = [];
  const notifications: Notification[] = [];
  const seconds = (atMs: number): number => (atMs - NOON_MS) / 1000;
  const begin = () =>
    new AlarmWatch({
      alarms,
      store,
      sample,
      memory: {
        read: () => memory,
        write: (now) => {
          memory = now;
        },
      },
      onChange: ({ alarm, from, to, atMs }) => said.push(`${seconds(atMs)} s ${alarm} ${from} → ${to}`),
      onNotification: (notification) => {
        notifications.push(notification);
        sent.push(`${seconds(notification.atMs)} s ${notification.targets.join(' ')}`);
      },
      nowMs: () => nowMs,
    });
  let watch = begin();
  /** Publishes `value` (nothing, if left out) and evaluates every 5 s until so many seconds after noon. */
  const runUntil = (untilSeconds: number, value?: number, metric = HEALTH): void => {
    while (seconds(nowMs) < untilSeconds) {
      nowMs += 5_000;
      if (value !== undefined) store.publish(metric, [value], nowMs - 1);
      watch.tick();
    }
  };
  return {
    readings: () => watch.readings(),
    tick: () => watch.tick(),
    /** The process ends and another begins: what was measured is gone. */
    restart: () => {
      store = new MetricStore(alarms);
      watch = begin();
    },
    publish: (metric: MetricId, value: number) => store.publish(metric, [value], nowMs),
    said,
    sent,
    notifications,
    runUntil,
    nowMs: () => nowMs,
    /** Time that nobody lives through. */
    jump: (jumpSeconds: number) => {
      nowMs += jumpSeconds * 1000;
    },
  };
};
