// Owns the percentile by nearest rank: a value that was measured, never one between two.

/** The smallest value that so many percent are not above; not a number of none. */
export const percentile = (values: readonly number[], percent: number): number =>
  [...values].sort((one, other) => one - other)[Math.ceil((values.length * percent) / 100) - 1] ?? Number.NaN;
