// Owns the verdict over an alarm's points: how many of them must breach, and what a point that is not there counts as.
// Leaves to metric-alarm.ts which points those are.
// Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
import type { AlarmStatus, MissingData } from './alarm-plan.ts';

export type Point = 'breaching' | 'fine' | 'missing';

export interface Judgement {
  /** N: points that are looked at. */
  readonly evaluationPeriods: number;
  /** M: of them so many must breach. */
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
}

/** CloudWatch retrieves more than it needs, in case some are missing: its pages show 5 for 3. */
export const evaluationRange = (evaluationPeriods: number): number => evaluationPeriods + 2;

/** @param points of the evaluation range, the oldest first */
export const judge = (
  points: readonly Point[],
  { evaluationPeriods, datapointsToAlarm, missing }: Judgement,
  current: AlarmStatus,
): AlarmStatus => {
  const real = points.filter((point) => point !== 'missing');
  const lacking = Math.max(0, evaluationPeriods - real.length);
  const breaching = real.slice(-evaluationPeriods).filter((point) => point === 'breaching').length;
  const counted = (count: number): AlarmStatus => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (lacking === 0) return counted(breaching);
  switch (missing) {
    case 'breaching':
      return counted(breaching + lacking);
    case 'notBreaching':
      return counted(breaching);
    case 'ignore':
    case 'missing': {
      if (real.length === 0) return missing === 'ignore' ? current : 'INSUFFICIENT_DATA';
      if (real.length > breaching || breaching >= datapointsToAlarm) return counted(breaching);
      // All there is breaches, and it is too little to count: an old breach that nothing has contradicted is one, a young
      // one may be contradicted by the next point and changes nothing yet.
      const oldestAge = points.length - points.indexOf('breaching');
      return missing === 'missing' && oldestAge >= datapointsToAlarm ? 'ALARM' : current;
    }
  }
};
