// Owns what a rating is made from: an account's meters, the tariffs they were given, their readings.
// Leaves to rate.ts what comes out.
import type { IsoDate, Period } from '../ids.ts';
import type { Currency } from '../money.ts';
import type { Tariff } from './tariff.ts';
import type { Interval } from './usage.ts';

/** A tariff given to a meter from a day on, in all its versions. */
export interface Assignment {
  readonly from: IsoDate;
  /** Not empty. */
  readonly tariffs: readonly Tariff[];
}

export interface RatedMeter {
  /** Not empty; the newest whose `from` is not after the day counts. */
  readonly assignments: readonly Assignment[];
  /** Epoch milliseconds of the first reading the meter ever had, of any period; undefined for none. */
  readonly firstReadingMs: number | undefined;
  /** At least those that touch the period, in any order. */
  readonly intervals: readonly Interval[];
}

export interface RatingInput {
  readonly period: Period;
  /** The account's, an IANA name: it says where days and months begin. */
  readonly timeZone: string;
  /** The account's. */
  readonly currency: Currency;
  readonly meters: readonly RatedMeter[];
}
