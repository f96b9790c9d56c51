// Owns what is shown of the alarms: each one's state as its Region last told it, and a line when one rings or recovers.
// Leaves to local/cloudwatch, in each Region's process, what the states are.
import type { AlarmPlan } from '../cloudwatch/alarm-plan.ts';
import type { AlarmReading } from '../processes.ts';

export interface AlarmState {
  readonly slug: string;
  readonly tier: 'P0' | 'P1' | 'P2';
  readonly region: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Epoch milliseconds of the last change. */
  readonly sinceMs: number;
}

/** The readings of a Region when it was last heard of; none while its process is down: its alarms went with it. */
export interface HeardAlarms {
  readonly readings: readonly AlarmReading[];
  readonly heardAtMs: number;
}

type ShownAlarm = Pick<AlarmPlan, 'name' | 'slug' | 'tier' | 'region'>;

/** An alarm that nobody evaluates has INSUFFICIENT_DATA, since its Region was last heard of. */
export const alarmStates = (
  alarms: readonly ShownAlarm[],
  heard: (region: string) => HeardAlarms | undefined,
  startedAtMs: number,
): readonly AlarmState[] =>
  alarms.map(({ name, slug, tier, region }) => {
    const { readings = [], heardAtMs = startedAtMs } = heard(region) ?? {};
    const reading = readings.find((one) => one.name === name);
    const { state, sinceMs } = reading ?? { state: 'INSUFFICIENT_DATA', sinceMs: heardAtMs };
    return { slug, tier, region, state, sinceMs };
  });

/** What rings later is said, from then on: until then silence is taken for quiet. */
export const noteQuiet = (alarms: readonly ShownAlarm[], note: (subject: string, now: string) => void): void => {
  for (const alarm of alarms) note(subjectOf(alarm), 'OK');
};

/** Tells `note` how each alarm is, the worst tier first: what changes at once is read from the top. */
export const noteAlarms = (states: readonly AlarmState[], note: (subject: string, now: string) => void): void => {
  for (const alarm of [...states].sort((one, other) => (one.tier < other.tier ? -1 : 1))) {
    // Not known is neither: a Region that is gone has not recovered.
    if (alarm.state !== 'INSUFFICIENT_DATA') note(subjectOf(alarm), alarm.state);
  }
};

const subjectOf = ({ slug, tier, region }: Omit<ShownAlarm, 'name'>): string => `${tier} ${slug} of ${region}`;
