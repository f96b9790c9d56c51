// Owns the way from readings and tariffs to the lines of a bill.
// Leaves to the caller where both are stored and whether the bill is issued.
import type { BillLine } from '../facts.ts';
import type { Minor } from '../money.ts';
import { allocate } from './allocate.ts';
import { round } from './exact.ts';
import { price } from './price.ts';
import type { RatingInput } from './rating-input.ts';
import type { UsageQuality } from './usage.ts';

export interface Rated {
  /** They sum to `totalMinor`; empty when nothing is owed or the usage is missing. */
  readonly lines: readonly BillLine[];
  readonly totalMinor: Minor;
  /** Rounded to whole watt-hours. */
  readonly usageWh: bigint;
  /** The worst of the meters in service. */
  readonly quality: UsageQuality;
}

/**
 * What the period comes to. A pure function of the set of readings: neither their order nor how they are cut changes it.
 * Service starts at the later of the first assignment and the first reading; the day it starts on counts as a whole one. What a
 * tariff says per month holds for the share of the month's days that it is in force in service: fixed charges, minimums, demand
 * prices, and where monthly tiers end.
 * @throws RangeError for a tariff in another currency than the account's
 */
export const rate = (input: RatingInput): Rated => {
  const { charges, wh, quality } = price(input);
  return { ...allocate(charges, input.currency), usageWh: round(wh), quality };
};
