// Owns what an alarm of a template says, as plain data: it travels to a Region's process as JSON.
// Leaves to assembly/alarms.ts how it is read, and to the files beside this one what it means.

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
  /** ARNs that are told when the state is reached; all empty where actions are not enabled. */
  readonly actions: Readonly<Record<AlarmStatus, readonly string[]>>;
}

export interface MetricAlarmPlan extends Alarm {
  readonly kind: 'metric';
  readonly queries: readonly Query[];
  /** Of the query that is compared. */
  readonly returned: string;
  readonly periodSeconds: number;
  readonly comparison: keyof typeof COMPARISONS;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
}

export interface CompositeAlarmPlan extends Alarm {
  readonly kind: 'composite';
  readonly rule: string;
  readonly suppressor?: { readonly alarm: string; readonly waitSeconds: number; readonly extensionSeconds: number };
}

export type AlarmPlan = MetricAlarmPlan | CompositeAlarmPlan;
