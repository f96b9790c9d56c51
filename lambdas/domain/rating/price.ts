// Owns the exact charges of a period: which meters are in service, which tariff each day has, what that comes to.
// Leaves to rate.ts the rounding, to the charges' own files each price.
import type { IsoDate } from '../ids.ts';
import { cellsOf } from './cells.ts';
import type { Charge, Stretch } from './charge.ts';
import { demandCharges } from './demand-charges.ts';
import { energyCharges } from './energy-charges.ts';
import { type Exact, exact, plus, sumExact } from './exact.ts';
import { daysInPeriod, periodRange, startOfDayMs } from './local-time.ts';
import { fixedCharges, minimumCharges, taxCharges } from './other-charges.ts';
import type { RatedMeter, RatingInput } from './rating-input.ts';
import { type Tariff, tariffInForce } from './tariff.ts';
import { type CellUsage, type Usage, type UsageQuality, usageOf } from './usage.ts';

export interface Priced {
  /** Empty when the usage is missing. */
  readonly charges: readonly Charge[];
  readonly wh: Exact;
  /** The worst of the meters in service. */
  readonly quality: UsageQuality;
}

/** @throws RangeError for a tariff in another currency than the account's */
export const price = (input: RatingInput): Priced => {
  const meters = metersInService(input);
  const quality = worst(meters.map(({ usage }) => usage.quality));
  const charges =
    quality === 'missing' ? [] : meters.flatMap(({ meter, usage }) => chargesOf(input, meter, usage.cells));
  const wh = sumExact(meters.flatMap(({ usage }) => usage.cells.map((used) => used.wh)));
  return { charges: taxesLast(charges), wh, quality };
};

interface InService {
  readonly meter: RatedMeter;
  readonly usage: Usage;
}

const metersInService = ({ period, timeZone, meters }: RatingInput): InService[] => {
  const range = periodRange(period, timeZone);
  return meters.flatMap((meter) => {
    const startMs = Math.max(range.startMs, serviceStartMs(meter, timeZone));
    if (startMs >= range.endMs) return [];
    const cells = cellsOf(timeZone, { startMs, endMs: range.endMs }, cellMinutes(meter));
    return [{ meter, usage: usageOf(cells, meter.intervals) }];
  });
};

const serviceStartMs = ({ assignments, firstReadingMs }: RatedMeter, timeZone: string): number => {
  const [first] = assignments.map(({ from }) => from).sort();
  if (first === undefined || firstReadingMs === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(startOfDayMs(timeZone, first), firstReadingMs);
};

/** Prices change by the hour of the clock, power by the window: the longest piece that fits into both. */
const cellMinutes = ({ assignments }: RatedMeter): number =>
  assignments
    .flatMap(({ tariffs }) => tariffs.map(({ demand }) => demand?.windowMinutes ?? 60))
    .reduce(greatestCommonDivisor, 60);

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** No meter in service is no usage to bill. */
const worst = (qualities: readonly UsageQuality[]): UsageQuality => {
  if (qualities.length === 0 || qualities.includes('missing')) return 'missing';
  return qualities.includes('estimated') ? 'estimated' : 'actual';
};

const chargesOf = (input: RatingInput, meter: RatedMeter, usage: readonly CellUsage[]): Charge[] =>
  [...usageByTariff(meter, usage)].flatMap(([tariff, part]) => {
    if (tariff.currency !== input.currency) {
      throw new RangeError(`the tariff ${tariff.name} is in ${tariff.currency}, the account in ${input.currency}`);
    }
    const stretch = stretchOf(part, daysInPeriod(input.period));
    const charges = [
      ...fixedCharges(tariff, stretch),
      ...energyCharges(tariff, stretch),
      ...demandCharges(tariff, stretch),
    ];
    const untaxed = [...charges, ...minimumCharges(tariff, stretch, charges)];
    return [...untaxed, ...taxCharges(tariff, untaxed)];
  });

const usageByTariff = (meter: RatedMeter, usage: readonly CellUsage[]): ReadonlyMap<Tariff, CellUsage[]> => {
  const tariffOfDay = new Map<IsoDate, Tariff>();
  const parts = new Map<Tariff, CellUsage[]>();
  for (const used of usage) {
    const { day } = used.cell;
    const tariff = tariffOfDay.get(day) ?? tariffOn(meter, day);
    tariffOfDay.set(day, tariff);
    const part = parts.get(tariff);
    if (part === undefined) parts.set(tariff, [used]);
    else part.push(used);
  }
  return parts;
};

const tariffOn = ({ assignments }: RatedMeter, day: IsoDate): Tariff => {
  const oldestFirst = [...assignments].sort((a, b) => Number(a.from > b.from) - Number(a.from < b.from));
  const assignment = oldestFirst.findLast(({ from }) => from <= day);
  const tariff = tariffInForce(assignment?.tariffs ?? [], day);
  if (tariff === undefined) throw new RangeError(`no tariff on ${day}: an assignment needs at least one`);
  return tariff;
};

const stretchOf = (usage: readonly CellUsage[], daysOfMonth: number): Stretch => {
  const days = new Set(usage.map(({ cell }) => cell.day)).size;
  return { days, shareOfMonth: exact(days, daysOfMonth), month: usage[0]?.cell.month ?? 0, usage };
};

/** One line a tax, at the end, however many tariffs levied it. */
const taxesLast = (charges: readonly Charge[]): Charge[] => {
  const taxes = new Map<string, Charge>();
  for (const charge of charges.filter(({ kind }) => kind === 'tax')) {
    const before = taxes.get(charge.description);
    taxes.set(charge.description, before ? { ...charge, amount: plus(before.amount, charge.amount) } : charge);
  }
  return [...charges.filter(({ kind }) => kind !== 'tax'), ...taxes.values()];
};
