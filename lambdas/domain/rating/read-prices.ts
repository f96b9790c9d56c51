// Owns tiers and schedules: their order, their ends, the periods they name.
// Leaves to parse-tariff.ts which fields hold them.
import { decimal, type Exact, isLess, plus } from './exact.ts';
import { type FieldReader, isAbsent, isFields } from './read-fields.ts';
import type { EnergyPrice, Schedule, Tier, TierSpan } from './tariff.ts';

type Path = readonly (string | number)[];

/** URDB writes "no end" as nothing or as an absurd number: 9.99e37, 1e38, 99999999. No tier of a real tariff ends there. */
const NO_END_FROM: Exact = { numerator: 99_999_999n, denominator: 1n };

/** `sell` prices what is fed in; bills are for what is used. */
const TIER_FIELDS = new Set(['max', 'rate', 'adj', 'unit', 'sell']);

/** `kWh/kW` and `kWh/kW daily` are refused: their tiers grow with the demand, which this rating does not do. */
const SPAN_BY_UNIT: Readonly<Record<string, TierSpan>> = { kWh: 'month', 'kWh daily': 'day' };

const readTier = (reader: FieldReader, value: unknown, path: Path): Tier | undefined => {
  if (!isFields(value)) return reader.problem(path, 'must be an object');
  for (const field of Object.keys(value)) {
    if (!TIER_FIELDS.has(field)) reader.problem([...path, field], 'is not supported in a tier');
  }
  const rate = reader.price(value['rate'], [...path, 'rate']);
  const adj = isAbsent(value['adj']) ? decimal(0) : reader.price(value['adj'], [...path, 'adj']);
  const max = isAbsent(value['max']) ? undefined : reader.quantity(value['max'], [...path, 'max']);
  if (rate === undefined || adj === undefined) return undefined;
  return { max: max !== undefined && isLess(max, NO_END_FROM) ? max : undefined, price: plus(rate, adj) };
};

/** Each tier ends above the one before, the last one nowhere: no use may be left without a price. */
const checkEnds = (reader: FieldReader, tiers: readonly Tier[], path: Path): void => {
  let previous: Exact | undefined;
  for (const [index, { max }] of tiers.entries()) {
    const isLast = index === tiers.length - 1;
    if (isLast && max !== undefined) reader.problem([...path, index, 'max'], 'must be absent in the last tier');
    if (!isLast && max === undefined) reader.problem([...path, index, 'max'], 'is missing');
    if (max !== undefined && previous !== undefined && !isLess(previous, max)) {
      reader.problem([...path, index, 'max'], 'must be more than in the tier before');
    }
    previous = max;
  }
};

const readTiers = (reader: FieldReader, value: unknown, path: Path): readonly Tier[] | undefined => {
  const tiers = reader.each(reader.list(value, path), path, (tier, at) => readTier(reader, tier, at));
  if (tiers !== undefined) checkEnds(reader, tiers, path);
  return tiers;
};

/** One list of tiers a period. */
export const readTierTable = (
  reader: FieldReader,
  value: unknown,
  field: string,
): readonly (readonly Tier[])[] | undefined =>
  reader.each(reader.list(value, [field]), [field], (tiers, path) => readTiers(reader, tiers, path));

const readEnergyPrice = (reader: FieldReader, value: unknown, path: Path): EnergyPrice | undefined => {
  const tiers = readTiers(reader, value, path);
  if (tiers === undefined) return undefined;
  const spans = reader.each(value as readonly unknown[], path, (tier, at) => {
    const unit = isFields(tier) ? tier['unit'] : undefined;
    return isAbsent(unit) ? 'month' : reader.oneOf(unit, [...at, 'unit'], SPAN_BY_UNIT);
  });
  const [span] = spans ?? [];
  if (span === undefined) return undefined;
  const other = spans?.findIndex((each) => each !== span) ?? -1;
  return other === -1 ? { span, tiers } : reader.problem([...path, other, 'unit'], 'must be that of the first tier');
};

export const readEnergyTable = (
  reader: FieldReader,
  value: unknown,
  field: string,
): readonly EnergyPrice[] | undefined =>
  reader.each(reader.list(value, [field]), [field], (tiers, path) => readEnergyPrice(reader, tiers, path));

const readClock = (
  reader: FieldReader,
  value: unknown,
  field: string,
  periods: number,
): readonly (readonly number[])[] | undefined =>
  reader.each(reader.list(value, [field], 12), [field], (hours, path) =>
    reader.each(reader.list(hours, path, 24), path, (period, at) => reader.periodIndex(period, at, periods)),
  );

/** `kind` as the fields begin: `energy` or `demand`. */
export const readSchedule = (
  reader: FieldReader,
  rate: Readonly<Record<string, unknown>>,
  kind: 'energy' | 'demand',
  periods: number,
): Schedule | undefined => {
  const weekdayField = `${kind}weekdayschedule`;
  const weekendField = `${kind}weekendschedule`;
  const weekday = readClock(reader, rate[weekdayField], weekdayField, periods);
  const weekend = readClock(reader, rate[weekendField], weekendField, periods);
  return weekday === undefined || weekend === undefined ? undefined : { weekday, weekend };
};

/** Twelve period numbers, January first. */
export const readPeriodOfMonth = (
  reader: FieldReader,
  value: unknown,
  field: string,
  periods: number,
): readonly number[] | undefined =>
  reader.each(reader.list(value, [field], 12), [field], (period, path) => reader.periodIndex(period, path, periods));
