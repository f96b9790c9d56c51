// Owns the three ways in which an alarm is raised: a threshold, a band learned from the past, several other alarms at once.
// Leaves to signals.ts which alarm uses which.
import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSlug } from './registry.ts';

interface Lasting {
  readonly metric: IMetric;
  /** Of so many periods of the metric … */
  readonly periods: number;
  /** … so many must breach. */
  readonly breaches: number;
}

export interface Threshold extends Lasting {
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** `silent is bad`: no data counts as a breach. `silent says nothing`: the alarm stays as it is. */
  readonly missing: 'silent is bad' | 'silent is fine' | 'silent says nothing';
}

/** Outside of what the last two weeks lead to expect at this hour. Silence is fine. */
export interface Anomaly extends Lasting {
  /** Half the width of the band, in standard deviations. */
  readonly deviations: number;
}

/** Rings while every one of its parts does; they are made for it, and tell nobody. */
export interface Parts {
  readonly parts: Readonly<Record<string, Threshold>>;
}

/** Rings while every one of other alarms does. */
export interface Together {
  readonly every: readonly AlarmSlug[];
}

export type Signal = Threshold | Anomaly | Parts | Together;

const MISSING: Readonly<Record<Threshold['missing'], TreatMissingData>> = {
  'silent is bad': TreatMissingData.BREACHING,
  'silent is fine': TreatMissingData.NOT_BREACHING,
  'silent says nothing': TreatMissingData.IGNORE,
};

export const treatMissing = ({ missing }: Threshold): TreatMissingData => MISSING[missing];

export const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: AT_LEAST, LESS_THAN_THRESHOLD: BELOW } = ComparisonOperator;
