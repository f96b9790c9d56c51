// Owns the price of energy: time-of-use periods, tiers of a month or of a day, the month's fuel adjustment.
// Leaves to cells.ts which hour of the clock a reading belongs to.
import { type Charge, type Stretch, tierCharges, tierQuantities } from './charge.ts';
import { type Exact, exact, NOTHING, over, plus } from './exact.ts';
import { periodAt } from './period-at.ts';
import type { EnergyPrice, Tariff } from './tariff.ts';

const WH_PER_KWH = exact(1000n);
const WHOLE = exact(1n);

/** Each time-of-use period has tiers of its own, filled by what was used within it (as NREL's SAM reads the same tables). */
export const energyCharges = (tariff: Tariff, stretch: Stretch): Charge[] => {
  const { prices, schedule } = tariff.energy;
  const kwhByDay: Map<string, Exact>[] = prices.map(() => new Map());
  for (const { cell, wh } of stretch.usage) {
    const days = kwhByDay[periodAt(schedule, cell)];
    days?.set(cell.day, plus(days.get(cell.day) ?? NOTHING, wh));
  }
  const adjustment = tariff.fuelAdjustments[stretch.month] ?? NOTHING;
  return prices.flatMap((price, period) => {
    const whOfDays = [...(kwhByDay[period]?.values() ?? [])];
    const quantities = quantitiesOf(price, whOfDays, stretch.shareOfMonth);
    const label = prices.length > 1 ? `Energy, period ${period + 1}` : 'Energy';
    const tiers = price.tiers.map((tier) => ({ ...tier, price: plus(tier.price, adjustment) }));
    return tierCharges('energy', label, 'kWh', tiers, quantities, WHOLE);
  });
};

/** kWh a tier. */
const quantitiesOf = ({ span, tiers }: EnergyPrice, whOfDays: readonly Exact[], share: Exact): Exact[] => {
  const kwhOfDays = whOfDays.map((wh) => over(wh, WH_PER_KWH));
  if (span === 'month') return tierQuantities(tiers, kwhOfDays.reduce(plus, NOTHING), share);
  return kwhOfDays
    .map((kwh) => tierQuantities(tiers, kwh, WHOLE))
    .reduce(
      (sums, quantities) => sums.map((sum, tier) => plus(sum, quantities[tier] ?? NOTHING)),
      tiers.map(() => NOTHING),
    );
};
