// Owns trials of alarms on virtual time, a minute a step if nothing else is said: what is measured in each minute, and what the alarms then say.
// Leaves to alarm-faults.ts what goes wrong, to the tests what must follow.
import type { AlarmPlan, AlarmStatus, MetricId } from '../../../local/cloudwatch/alarm-plan.ts';
import { BAND_LEAST_POINTS } from '../../../local/cloudwatch/anomaly-band.ts';
import { alarmsOf, holds, parseRule } from '../../../local/cloudwatch/composite-rule.ts';
import { evaluateAlarms, type Memory, type Notification } from '../../../local/cloudwatch/evaluate-alarms.ts';
import { MetricStore } from '../../../local/cloudwatch/metric-store.ts';
import { evaluationRange } from '../../../local/cloudwatch/missing-data.ts';
import type { Measured } from './alarm-faults.ts';

const MINUTE_MS = 60_000;
const BEGIN_MS = Date.UTC(2026, 0, 1);
/** A minute is judged so long after its end. */
export const JUDGED_AFTER_SECONDS = 5;

/** What each alarm's own metrics have in a minute. */
export type Minute = (alarm: AlarmPlan) => Measured;

export class Trial {
  readonly notifications: Notification[] = [];
  minutes = 0;
  readonly #store: MetricStore;
  #memory: Memory = new Map();

  constructor(
    private readonly alarms: readonly AlarmPlan[],
    private readonly stepMinutes = 1,
  ) {
    this.#store = new MetricStore(alarms);
  }

  /** A step passes, and is judged. */
  pass(measuredBy: Minute): void {
    for (let minute = 0; minute < this.stepMinutes; minute++) this.#measure(measuredBy);
    this.#judge();
  }

  /** A metric that several alarms look at is published once. */
  #measure(measuredBy: Minute): void {
    const values = new Map<string, { readonly metric: MetricId; readonly values: readonly number[] }>();
    for (const alarm of this.alarms) {
      for (const metric of metricsOf(alarm)) {
        const measured = measuredBy(alarm)[metric.name];
        if (measured !== undefined) values.set(JSON.stringify(metric), { metric, values: measured });
      }
    }
    const fromMs = BEGIN_MS + this.minutes * MINUTE_MS;
    for (const { metric, values: some } of values.values()) this.#store.publish(metric, some, fromMs);
    this.minutes += 1;
  }

  #judge(): void {
    const nowMs = BEGIN_MS + this.minutes * MINUTE_MS + JUDGED_AFTER_SECONDS * 1000;
    this.#store.forget(nowMs);
    const { memory, notifications } = evaluateAlarms(
      this.alarms,
      this.#memory,
      (query, from, to) => this.#store.statistic(query, from, to),
      { nowMs, watchedSinceMs: BEGIN_MS },
    );
    this.#memory = memory;
    this.notifications.push(...notifications);
  }

  stateOf(name: string): AlarmStatus {
    return this.#memory.get(name)?.status ?? 'INSUFFICIENT_DATA';
  }

  /** Seconds until `name` is in `state`, or undefined when `mostMinutes` pass without it. */
  secondsUntil(name: string, state: AlarmStatus, measured: Minute, mostMinutes: number): number | undefined {
    const begun = this.minutes;
    while (this.minutes - begun < mostMinutes) {
      this.pass(measured);
      if (this.stateOf(name) === state) return (this.minutes - begun) * 60 + JUDGED_AFTER_SECONDS;
    }
    return undefined;
  }
}

export const metricsOf = (alarm: AlarmPlan): readonly MetricId[] =>
  alarm.kind === 'composite' ? [] : alarm.queries.flatMap((query) => (query.kind === 'metric' ? [query.metric] : []));

/** `alarm` and, where it is a composite, all that its rule looks at. */
export const withParts = (alarm: AlarmPlan, all: readonly AlarmPlan[]): readonly AlarmPlan[] =>
  alarm.kind === 'composite'
    ? [alarm, ...alarmsOf(parseRule(alarm.rule)).flatMap((name) => withParts(named(name, all), all))]
    : [alarm];

export const named = (name: string, all: readonly AlarmPlan[]): AlarmPlan => {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the templates have no alarm ${name}`);
  return found;
};

/** So much history an alarm has had before anything goes wrong: a period, or enough of them for a band. */
export const minutesBefore = (alarm: AlarmPlan): number => {
  if (alarm.kind === 'composite') return 10;
  const periods = alarm.kind === 'anomaly' ? evaluationRange(alarm.evaluationPeriods) + BAND_LEAST_POINTS + 2 : 1;
  return Math.max(10, 1 + (periods * alarm.periodSeconds) / 60);
};

/** How long silence is waited for where it is fine: longer than an alarm looks back, a day at most. */
export const minutesOfSilence = (alarm: AlarmPlan): number =>
  alarm.kind === 'composite'
    ? 10
    : Math.min(1_440, 5 + (evaluationRange(alarm.evaluationPeriods) * alarm.periodSeconds) / 60);

export interface Promised {
  /** Seconds of a fault after which an alarm rings at the latest. */
  readonly fires: number;
  /** Seconds after its end until it is quiet, at the latest: when good values come again, or when nothing does. */
  readonly clears: number;
  readonly clearsInSilence: number;
  /** The same of silence; undefined where silence is fine. */
  readonly silent: number | undefined;
}

/** As the template states it: so many periods of so many that breach, or of which nothing is heard. */
export const promisedBy = (alarm: AlarmPlan, all: readonly AlarmPlan[]): Promised => {
  if (alarm.kind === 'composite') {
    const parts = withParts(alarm, all)
      .slice(1)
      .map((part) => promisedBy(part, all));
    if (!ringsWhenAllRing(alarm.rule)) throw new Error(`${alarm.name} is not one that rings when all its parts do`);
    const silent = parts.map((part) => part.silent);
    return {
      fires: Math.max(...parts.map(({ fires }) => fires)),
      clears: Math.min(...parts.map(({ clears }) => clears)),
      clearsInSilence: Math.min(...parts.map(({ clearsInSilence }) => clearsInSilence)),
      silent: silent.includes(undefined) ? undefined : Math.max(...silent.map(Number)),
    };
  }
  const { evaluationPeriods, datapointsToAlarm, periodSeconds, missing } = alarm;
  const after = (periods: number): number => periods * periodSeconds + JUDGED_AFTER_SECONDS;
  // CloudWatch retrieves more points than it needs: a gap counts once those are used up.
  const spare = evaluationRange(evaluationPeriods) - evaluationPeriods;
  return {
    fires: after(datapointsToAlarm),
    clears: after(evaluationPeriods - datapointsToAlarm + 1),
    clearsInSilence: after(evaluationPeriods - datapointsToAlarm + 1 + spare),
    silent: missing === 'breaching' ? after(datapointsToAlarm + spare) : undefined,
  };
};

const ringsWhenAllRing = (rule: string): boolean => {
  const parsed = parseRule(rule);
  const names = alarmsOf(parsed);
  return (
    holds(parsed, () => 'ALARM') && names.every((quiet) => !holds(parsed, (name) => (name === quiet ? 'OK' : 'ALARM')))
  );
};
