// Owns the charges that do not depend on use: fixed ones, minimums, taxes, each in the two spellings URDB has had.
// Leaves to parse-tariff.ts the prices of energy and demand.
import { type Exact, isZero, minus, NOTHING } from './exact.ts';
import { type FieldReader, type Fields, isAbsent, isFields } from './read-fields.ts';
import type { ChargeUnit, PeriodCharge, Tax } from './tariff.ts';

const UNITS: Readonly<Record<string, ChargeUnit>> = { '$/day': 'day', '$/month': 'month', '$/year': 'year' };

/** An amount with its unit in a second field, as URDB writes since version 4. */
const readWithUnit = (
  reader: FieldReader,
  rate: Fields,
  field: string,
  unitField: string,
): PeriodCharge | undefined => {
  if (isAbsent(rate[field])) return undefined;
  const amount = reader.amount(rate[field], [field]);
  if (amount === undefined || (isZero(amount) && isAbsent(rate[unitField]))) return undefined;
  const per = reader.oneOf(rate[unitField], [unitField], UNITS);
  return per === undefined ? undefined : { amount, per };
};

/** An amount whose unit is in the field's name, as URDB wrote up to version 3. */
const readNamed = (reader: FieldReader, rate: Fields, field: string, per: ChargeUnit): PeriodCharge | undefined => {
  if (isAbsent(rate[field])) return undefined;
  const amount = reader.amount(rate[field], [field]);
  return amount === undefined ? undefined : { amount, per };
};

const given = (charges: readonly (PeriodCharge | undefined)[]): readonly PeriodCharge[] =>
  charges.filter((charge) => charge !== undefined);

const isSame = (a: PeriodCharge, b: PeriodCharge): boolean => a.per === b.per && isZero(minus(a.amount, b.amount));

/** Both spellings may say the same; when they differ nobody knows what the tariff charges. */
export const readFixed = (reader: FieldReader, rate: Fields): readonly PeriodCharge[] => {
  const named = readNamed(reader, rate, 'fixedmonthlycharge', 'month');
  const withUnit = readWithUnit(reader, rate, 'fixedchargefirstmeter', 'fixedchargeunits');
  if (named !== undefined && withUnit !== undefined && !isSame(named, withUnit)) {
    reader.problem(['fixedmonthlycharge'], 'contradicts fixedchargefirstmeter');
  }
  return given([withUnit ?? named]);
};

/** A tariff may have one for the month and one for the year. */
export const readMinimums = (reader: FieldReader, rate: Fields): readonly PeriodCharge[] =>
  given([
    readWithUnit(reader, rate, 'mincharge', 'minchargeunits'),
    readNamed(reader, rate, 'minmonthlycharge', 'month'),
    readNamed(reader, rate, 'annualmincharge', 'year'),
  ]);

const MAX_TAXES = 20;
const MAX_NAME_LENGTH = 80;

/** `[{name, rate}]`, the rate a fraction of 1. */
export const readTaxes = (reader: FieldReader, value: unknown): readonly Tax[] => {
  const path = ['baseload', 'taxes'];
  if (isAbsent(value) || (Array.isArray(value) && value.length === 0)) return [];
  const entries = reader.list(value, path);
  if (entries !== undefined && entries.length > MAX_TAXES) {
    reader.problem(path, `must have at most ${MAX_TAXES} entries`);
    return [];
  }
  const taxes = reader.each(entries, path, (entry, at): Tax | undefined => {
    if (!isFields(entry)) return reader.problem(at, 'must be an object');
    for (const field of Object.keys(entry)) {
      if (field !== 'name' && field !== 'rate') reader.problem([...at, field], 'is unknown');
    }
    const { name } = entry;
    const rate = reader.amount(entry['rate'], [...at, 'rate']);
    if (isAbsent(name)) return reader.problem([...at, 'name'], 'is missing');
    if (typeof name !== 'string' || !/\S/.test(name) || /\p{Cc}/u.test(name) || name.length > MAX_NAME_LENGTH) {
      return reader.problem([...at, 'name'], `must be a text of 1 to ${MAX_NAME_LENGTH} characters`);
    }
    // A tax of 10 is one of 1,000 %: the percentage was meant.
    if (rate !== undefined && rate.numerator > rate.denominator) {
      return reader.problem([...at, 'rate'], 'must be a fraction of 1: 0.1 for 10 %');
    }
    return rate === undefined ? undefined : { name, rate };
  });
  return taxes ?? [];
};

/** Demand charges are on the mean power of so many minutes; without a field, of 15, what most tariffs in URDB say in words. */
export const DEFAULT_WINDOW_MINUTES = 15;

export const readWindowMinutes = (reader: FieldReader, value: unknown): number => {
  if (isAbsent(value) || value === 0) return DEFAULT_WINDOW_MINUTES;
  const minutes = Number(value);
  if (typeof value === 'number' && Number.isInteger(minutes) && minutes >= 5 && 60 % minutes === 0) return minutes;
  reader.problem(['demandwindow'], 'must be 5, 6, 10, 12, 15, 20, 30 or 60 minutes');
  return DEFAULT_WINDOW_MINUTES;
};

/** Twelve amounts per kWh of either sign, January first. */
export const readFuelAdjustments = (reader: FieldReader, value: unknown): readonly Exact[] => {
  const path = ['fueladjustmentsmonthly'];
  if (isAbsent(value)) return [];
  const read = reader.each(reader.list(value, path, 12), path, (entry, at) =>
    isAbsent(entry) ? NOTHING : reader.price(entry, at),
  );
  return read ?? [];
};
