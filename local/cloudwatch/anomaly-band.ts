// Owns the band of an anomaly alarm, by a model of its own: the mean of what was seen before, so many standard deviations up and down.
// CloudWatch learns hours and weekdays from two weeks of data; what it would say cannot be shown here, only that the alarm is wired.

export interface Band {
  readonly lower: number;
  readonly upper: number;
}

export const BAND_COMPARISONS = {
  LessThanLowerOrGreaterThanUpperThreshold: (value: number, { lower, upper }: Band) => value < lower || value > upper,
  LessThanLowerThreshold: (value: number, { lower }: Band) => value < lower,
  GreaterThanUpperThreshold: (value: number, { upper }: Band) => value > upper,
} as const;

/** So many periods before the evaluation range are looked at. */
export const BAND_HISTORY_PERIODS = 288;
/** Of them so many must have data before there is a band. */
export const BAND_LEAST_POINTS = 12;

/** Undefined when too little was seen. */
export const bandOf = (seen: readonly number[], deviations: number): Band | undefined => {
  if (seen.length < BAND_LEAST_POINTS) return undefined;
  const mean = average(seen);
  const deviation = Math.sqrt(average(seen.map((value) => (value - mean) ** 2)));
  return { lower: mean - deviations * deviation, upper: mean + deviations * deviation };
};

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
