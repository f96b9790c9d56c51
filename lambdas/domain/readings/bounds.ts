// Owns the bounds that a reading must keep to whatever format it came in.
// Leaves to the parsers what a line is made of.
import { isNegative, magnitude, shiftDecimal } from './decimal.ts';

/** A local day with the hour that a clock change repeats. */
export const MAX_DURATION_SECONDS = 90_000;

/** 1990-01-01 to 2100-01-01: what is outside is a time in the wrong unit. */
const EARLIEST_MS = 631_152_000_000;
const LATEST_MS = 4_102_444_800_000;
export const isPlausibleTime = (startMs: number): boolean => startMs >= EARLIEST_MS && startMs < LATEST_MS;

/** 500 MW: more than any single connection that is billed from interval readings takes. */
const MAX_WATTS = 500_000_000;

export type Energy = { readonly wh: string } | { readonly problem: string };

/**
 * Energy in watt hours out of a value of 10^`power` watt hours. `net`: a meter that subtracts what it feeds in may be negative.
 */
export const energyOf = (value: string, power: number, durationSeconds: number, net = false): Energy => {
  const wh = shiftDecimal(value.trim(), power);
  if (wh === undefined) return { problem: 'must be a plain decimal number' };
  if (isNegative(wh) && !net) return { problem: 'must not be negative: energy fed in has a register of its own' };
  // An hour of full power; the comparison needs no exactness.
  if (Number(magnitude(wh)) > (MAX_WATTS * durationSeconds) / 3600) {
    return { problem: `is more than ${MAX_WATTS} W over its interval: no connection takes that` };
  }
  return { wh };
};
