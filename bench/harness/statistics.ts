// Owns the statistics of a measurement: quantiles by rank, the spread of rounds, ratios of two contenders round by round.
// Leaves to report.ts how they are shown.

/** Of repeated rounds. The quartiles, not the extremes: one round that another process disturbed says nothing. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** Linear between ranks (Hyndman and Fan, type 7). @throws RangeError for no values or a `q` outside of [0, 1] */
export const quantile = (values: readonly number[], q: number): number => {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value, got none');
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile is between 0 and 1, got ${q}`);
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (sorted.length - 1) * q;
  const below = sorted[Math.floor(rank)] ?? Number.NaN;
  const above = sorted[Math.ceil(rank)] ?? Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
};

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  lowerQuartile: quantile(values, 0.25),
  upperQuartile: quantile(values, 0.75),
});

/**
 * `of[i] / against[i]`: the two were measured next to each other in round `i`, so what slowed that round slowed both.
 * @throws RangeError when they were not measured in the same rounds
 */
export const ratioOf = (of: readonly number[], against: readonly number[]): Spread => {
  if (of.length !== against.length) {
    throw new RangeError(`a ratio needs the same rounds of both, got ${of.length} and ${against.length}`);
  }
  return spreadOf(of.map((value, round) => value / (against[round] ?? Number.NaN)));
};
