// Owns the price of power: the highest mean over a window of the clock, of the month and of each time-of-use period.
// Leaves to usage.ts how energy lies over the clock: a reading longer than the window counts with its own mean.
import { type Charge, type Stretch, tierCharges, tierQuantities } from './charge.ts';
import { type Exact, exact, larger, NOTHING, over, plus, times } from './exact.ts';
import { periodAt } from './period-at.ts';
import type { Demand, Tariff } from './tariff.ts';
import type { CellUsage } from './usage.ts';

const WHOLE = exact(1n);

/** The prices are for a month: of a stretch that is a part of one, the same part is asked. */
export const demandCharges = ({ demand }: Tariff, stretch: Stretch): Charge[] => {
  if (demand === undefined) return [];
  const windows = windowsOf(stretch.usage, demand.windowMinutes);
  return [...flatCharges(demand, windows, stretch), ...timeOfUseCharges(demand, windows, stretch)];
};

interface Window {
  /** Any of its cells: a window lies within one hour of the clock. */
  readonly cell: CellUsage['cell'];
  readonly kw: Exact;
}

const windowsOf = (usage: readonly CellUsage[], windowMinutes: number): Window[] => {
  const whByWindow = new Map<string, { cell: CellUsage['cell']; wh: Exact }>();
  for (const { cell, wh } of usage) {
    // The start of its hour tells the two hours apart that a clock change gives one name.
    const window = Math.floor(cell.minuteOfDay / windowMinutes);
    const hourStartMs = cell.startMs - (cell.minuteOfDay % 60) * 60_000;
    const key = `${hourStartMs} ${window}`;
    whByWindow.set(key, { cell, wh: plus(whByWindow.get(key)?.wh ?? NOTHING, wh) });
  }
  const kwPerWh = over(exact(60n), exact(BigInt(windowMinutes) * 1000n));
  return [...whByWindow.values()].map(({ cell, wh }) => ({ cell, kw: times(wh, kwPerWh) }));
};

const peakOf = (windows: readonly Window[]): Exact => windows.reduce((peak, { kw }) => larger(peak, kw), NOTHING);

const flatCharges = ({ flat }: Demand, windows: readonly Window[], stretch: Stretch): Charge[] => {
  const tiers = flat?.prices[flat.periodOfMonth[stretch.month] ?? 0] ?? [];
  const quantities = tierQuantities(tiers, peakOf(windows), WHOLE);
  return tierCharges('demand', 'Demand', 'kW', tiers, quantities, stretch.shareOfMonth);
};

const timeOfUseCharges = ({ timeOfUse }: Demand, windows: readonly Window[], stretch: Stretch): Charge[] => {
  if (timeOfUse === undefined) return [];
  const { prices, schedule } = timeOfUse;
  return prices.flatMap((tiers, period) => {
    const peak = peakOf(windows.filter(({ cell }) => periodAt(schedule, cell) === period));
    const label = prices.length > 1 ? `Demand, period ${period + 1}` : 'Demand, time of use';
    return tierCharges('demand', label, 'kW', tiers, tierQuantities(tiers, peak, WHOLE), stretch.shareOfMonth);
  });
};
