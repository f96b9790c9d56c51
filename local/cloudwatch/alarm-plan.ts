// Owns what an alarm of a template says, as plain data: it travels to a Region's process as JSON.
// Leaves to assembly/alarms.ts how it is read, and to the files beside this one what it means.
import type { BAND_COMPARISONS } from './anomaly-band.ts';

export type AlarmStatus = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricQuery {
  readonly kind: 'metric';
  readonly id: string;
  readonly metric: MetricId;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile: `p99.9`. */
  readonly statistic: string;
}

export interface ExpressionQuery {
  readonly kind: 'expression';
  readonly id: string;
  readonly expression: string;
}

export type Query = MetricQuery | ExpressionQuery;

export const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

export const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

interface Alarm {
  readonly name: string;
  readonly slug: string;
  readonly tier: 'P0' | 'P1' | 'P2';
  readonly region: string;
  /** As the template has it, for whoever is told; empty where it has none. */
  readonly description: string;
  /** ARNs that are told when the state is reached; all empty where actions are not enabled. */
  readonly actions: Readonly<Record<AlarmStatus, readonly string[]>>;
}

/** An alarm that looks at metrics itself. */
interface Measuring extends Alarm {
  readonly queries: readonly Query[];
  /** Of the query that is compared. */
  readonly returned: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
}

export interface MetricAlarmPlan extends Measuring {
  readonly kind: 'metric';
  readonly comparison: keyof typeof COMPARISONS;
  readonly threshold: number;
}

/** Compared with a band that follows from what was seen before. */
export interface AnomalyAlarmPlan extends Measuring {
  readonly kind: 'anomaly';
  readonly comparison: keyof typeof BAND_COMPARISONS;
  /** Half the width of the band, in standard deviations. */
  readonly deviations: number;
}

export interface CompositeAlarmPlan extends Alarm {
  readonly kind: 'composite';
  readonly rule: string;
  readonly suppressor?: { readonly alarm: string; readonly waitSeconds: number; readonly extensionSeconds: number };
}

export type MeasuringAlarmPlan = MetricAlarmPlan | AnomalyAlarmPlan;
export type AlarmPlan = MeasuringAlarmPlan | CompositeAlarmPlan;
