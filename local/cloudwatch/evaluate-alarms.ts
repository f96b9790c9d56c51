// Owns one evaluation of all alarms of a Region: metric alarms, then the composites over them, then who is to be told.
// Leaves to each kind's file its rule, to watch-alarms.ts the clock. No clock, no state of its own.
import type { AlarmPlan, AlarmStatus, CompositeAlarmPlan } from './alarm-plan.ts';
import { holds, parseRule } from './composite-rule.ts';
import { evaluateMetricAlarm, type Statistics, type Watch } from './metric-alarm.ts';
import { type Hold, hold, NOT_HELD } from './suppressor.ts';

export interface AlarmMemory {
  readonly status: AlarmStatus;
  /** Epoch milliseconds of the last change, or of the beginning. */
  readonly sinceMs: number;
  readonly hold: Hold;
}

/** By the alarm's name; absent: INSUFFICIENT_DATA since the beginning. */
export type Memory = ReadonlyMap<string, AlarmMemory>;

export interface StatusChange {
  readonly alarm: string;
  readonly from: AlarmStatus;
  readonly to: AlarmStatus;
  readonly atMs: number;
}

/** What CloudWatch would send. */
export interface Notification {
  readonly alarm: string;
  readonly status: AlarmStatus;
  readonly atMs: number;
  readonly targets: readonly string[];
}

export interface Evaluation {
  readonly memory: Memory;
  readonly changes: readonly StatusChange[];
  readonly notifications: readonly Notification[];
}

export const evaluateAlarms = (
  alarms: readonly AlarmPlan[],
  before: Memory,
  statistics: Statistics,
  watch: Watch,
): Evaluation => {
  const remembered = (name: string): AlarmMemory =>
    before.get(name) ?? { status: 'INSUFFICIENT_DATA', sinceMs: watch.watchedSinceMs, hold: NOT_HELD };
  const now = statuses(alarms, statistics, watch, (name) => remembered(name).status);
  const memory = new Map<string, AlarmMemory>();
  const changes: StatusChange[] = [];
  const notifications: Notification[] = [];
  for (const alarm of alarms) {
    const { name } = alarm;
    const was = remembered(name);
    const status = now(name);
    const atMs = watch.nowMs;
    const changed = status !== was.status;
    if (changed) changes.push({ alarm: name, from: was.status, to: status, atMs });
    const held = hold(was.hold, { nowMs: atMs, changed, ...suppressing(alarm, now) });
    memory.set(name, { status, sinceMs: changed ? atMs : was.sinceMs, hold: held.hold });
    const targets = alarm.actions[status];
    if (held.acts && targets.length > 0) notifications.push({ alarm: name, status, atMs, targets });
  }
  return { memory, changes, notifications };
};

/** The states as they are now, each found once. An alarm that a rule looks at comes before the rule, however they are listed. */
const statuses = (
  alarms: readonly AlarmPlan[],
  statistics: Statistics,
  watch: Watch,
  statusBefore: (name: string) => AlarmStatus,
): ((name: string) => AlarmStatus) => {
  const named = new Map(alarms.map((alarm) => [alarm.name, alarm] as const));
  const found = new Map<string, AlarmStatus>();
  const statusOf = (name: string): AlarmStatus => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const alarm = named.get(name);
    if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
    const status =
      alarm.kind === 'metric'
        ? evaluateMetricAlarm(alarm, statistics, watch, statusBefore(name))
        : compositeStatus(alarm, statusOf);
    found.set(name, status);
    return status;
  };
  return statusOf;
};

const compositeStatus = ({ rule }: CompositeAlarmPlan, statusOf: (name: string) => AlarmStatus): AlarmStatus =>
  holds(parseRule(rule), statusOf) ? 'ALARM' : 'OK';

const suppressing = (alarm: AlarmPlan, statusOf: (name: string) => AlarmStatus) => {
  const suppressor = alarm.kind === 'composite' ? alarm.suppressor : undefined;
  if (suppressor === undefined) return { suppressorRings: false, waitMs: 0, extensionMs: 0 };
  return {
    suppressorRings: statusOf(suppressor.alarm) === 'ALARM',
    waitMs: suppressor.waitSeconds * 1000,
    extensionMs: suppressor.extensionSeconds * 1000,
  };
};
