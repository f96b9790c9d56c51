// Owns what a charge is before it is a line of a bill, and the tiers that make one out of a quantity.
// Leaves to allocate.ts the rounding.
import { type Exact, isZero, minus, NOTHING, shown, smaller, sumExact, times } from './exact.ts';
import type { Tier } from './tariff.ts';
import type { CellUsage } from './usage.ts';

export type ChargeKind = 'fixed' | 'energy' | 'demand' | 'minimum' | 'tax';

export interface Charge {
  readonly kind: ChargeKind;
  readonly description: string;
  /** Major units of the currency, exact; negative for a credit. */
  readonly amount: Exact;
}

/** The days of one period on which one tariff is in force, with what was used on them. */
export interface Stretch {
  /** How many days. */
  readonly days: number;
  /** `days` over the days of the month: what a tariff grants or asks per month, it grants or asks for this share of it. */
  readonly shareOfMonth: Exact;
  /** 0 to 11. */
  readonly month: number;
  readonly usage: readonly CellUsage[];
}

/** What of a quantity falls into each tier; less than nothing is all in the first. `share` scales where the tiers end. */
export const tierQuantities = (tiers: readonly Tier[], quantity: Exact, share: Exact): Exact[] => {
  let from = NOTHING;
  return tiers.map(({ max }) => {
    const until = max === undefined ? quantity : smaller(quantity, times(max, share));
    const part = minus(until, from);
    from = until;
    return part;
  });
};

/** A charge a tier that was reached; `label` such as `Energy, period 2`. */
export const tierCharges = (
  kind: ChargeKind,
  label: string,
  unit: string,
  tiers: readonly Tier[],
  quantities: readonly Exact[],
  share: Exact,
): Charge[] =>
  tiers.flatMap(({ price }, index) => {
    const quantity = quantities[index] ?? NOTHING;
    if (isZero(quantity)) return [];
    const tier = tiers.length > 1 ? `, tier ${index + 1}` : '';
    const amount = times(times(quantity, price), share);
    return [{ kind, description: `${label}${tier}, ${shown(quantity, 3)} ${unit}`, amount }];
  });

export const totalOf = (charges: readonly Charge[]): Exact => sumExact(charges.map(({ amount }) => amount));
