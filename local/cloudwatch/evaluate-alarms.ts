// Owns one evaluation of all alarms of a Region: metric alarms, then the composites over them, then who is to be told.
// Leaves to each kind's file its rule, to watch-alarms.ts the clock. No clock, no state of its own.
import type { AlarmPlan, AlarmStatus, CompositeAlarmPlan } from './alarm-plan.ts';
import { alarmsOf, holds, parseRule } from './composite-rule.ts';
import { evaluateMetricAlarm, type Finding, type Statistics, type Watch } from './metric-alarm.ts';
import { type Hold, hold, NOT_HELD } from './suppressor.ts';

export interface AlarmMemory {
  readonly status: AlarmStatus;
  /** What it was before the last change. */
  readonly from: AlarmStatus;
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

/** What CloudWatch sends to each of `targets`, once a change. */
export interface Notification {
  /** Its name. */
  readonly alarm: string;
  readonly slug: string;
  readonly tier: AlarmPlan['tier'];
  readonly region: string;
  readonly from: AlarmStatus;
  readonly status: AlarmStatus;
  readonly reason: string;
  readonly atMs: number;
  /** ARNs of the actions of `status`, never none. */
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
    before.get(name) ?? {
      status: 'INSUFFICIENT_DATA',
      from: 'INSUFFICIENT_DATA',
      sinceMs: watch.watchedSinceMs,
      hold: NOT_HELD,
    };
  const found = findings(alarms, statistics, watch, (name) => remembered(name).status);
  const now = (name: string): AlarmStatus => found(name).status;
  const memory = new Map<string, AlarmMemory>();
  const changes: StatusChange[] = [];
  const notifications: Notification[] = [];
  for (const alarm of alarms) {
    const { name } = alarm;
    const was = remembered(name);
    const { status, reason } = found(name);
    const atMs = watch.nowMs;
    const changed = status !== was.status;
    const from = changed ? was.status : was.from;
    if (changed) changes.push({ alarm: name, from: was.status, to: status, atMs });
    const held = hold(was.hold, { nowMs: atMs, changed, ...suppressing(alarm, now) });
    memory.set(name, { status, from, sinceMs: changed ? atMs : was.sinceMs, hold: held.hold });
    const targets = alarm.actions[status];
    const { slug, tier, region } = alarm;
    if (held.acts && targets.length > 0)
      notifications.push({ alarm: name, slug, tier, region, from, status, reason, atMs, targets });
  }
  return { memory, changes, notifications };
};

/** The states as they are now and why, each found once. An alarm that a rule looks at comes before the rule, however they are listed. */
const findings = (
  alarms: readonly AlarmPlan[],
  statistics: Statistics,
  watch: Watch,
  statusBefore: (name: string) => AlarmStatus,
): ((name: string) => Finding) => {
  const named = new Map(alarms.map((alarm) => [alarm.name, alarm] as const));
  const found = new Map<string, Finding>();
  const findingOf = (name: string): Finding => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const alarm = named.get(name);
    if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
    const finding =
      alarm.kind === 'composite'
        ? compositeFinding(alarm, (other) => findingOf(other).status)
        : evaluateMetricAlarm(alarm, statistics, watch, statusBefore(name));
    found.set(name, finding);
    return finding;
  };
  return findingOf;
};

const compositeFinding = ({ rule }: CompositeAlarmPlan, statusOf: (name: string) => AlarmStatus): Finding => {
  const parsed = parseRule(rule);
  const ringing = [...new Set(alarmsOf(parsed))].filter((name) => statusOf(name) === 'ALARM');
  return {
    status: holds(parsed, statusOf) ? 'ALARM' : 'OK',
    reason: ringing.length === 0 ? 'none of its alarms rings' : `of its alarms these ring: ${ringing.join(', ')}`,
  };
};

const suppressing = (alarm: AlarmPlan, statusOf: (name: string) => AlarmStatus) => {
  const suppressor = alarm.kind === 'composite' ? alarm.suppressor : undefined;
  if (suppressor === undefined) return { suppressorRings: false, waitMs: 0, extensionMs: 0 };
  return {
    suppressorRings: statusOf(suppressor.alarm) === 'ALARM',
    waitMs: suppressor.waitSeconds * 1000,
    extensionMs: suppressor.extensionSeconds * 1000,
  };
};
