// Owns the way from an OpenEI URDB rate object to a tariff: complete and free of contradictions, or refused with every field named.
// Leaves to urdb-fields.ts which fields count, to rate.ts what a tariff makes of usage.
import { type Currency, currency } from '../money.ts';
import { readFixed, readFuelAdjustments, readMinimums, readTaxes, readWindowMinutes } from './read-charges.ts';
import { type FieldProblem, FieldReader, type Fields, isAbsent, isFields } from './read-fields.ts';
import { readEnergyTable, readPeriodOfMonth, readSchedule, readTierTable } from './read-prices.ts';
import { readStartDate } from './read-start.ts';
import type { Demand, Tariff } from './tariff.ts';
import { isKnownField, UNSUPPORTED_CHARGES } from './urdb-fields.ts';

export type ParsedTariff =
  | { readonly kind: 'parsed'; readonly tariff: Tariff }
  | { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] };

/** URDB's amounts are in `$` of the United States unless `baseload.currency` says otherwise. */
const URDB_CURRENCY = 'USD' as Currency;

/** A schedule that names more than period 0 has no prices without its structure. */
const SCHEDULED_DEMAND = [
  ['flatdemandmonths', 'flatdemandstructure'],
  ['demandweekdayschedule', 'demandratestructure'],
] as const;

const DEMAND_UNITS = { kW: 'kW' } as const;

/**
 * `value`: a rate object as `JSON.parse` gives it, with what URDB lacks under `baseload`. The prices are taken by their decimal text.
 */
export const parseTariff = (value: unknown): ParsedTariff => {
  const reader = new FieldReader();
  if (!isFields(value)) {
    reader.problem(['body'], 'must be an OpenEI URDB rate object');
    return { kind: 'refused', problems: reader.problems };
  }
  refuseUnsupported(reader, value);
  const prices = readEnergyTable(reader, value['energyratestructure'], 'energyratestructure');
  // While the prices have problems the number of periods is not known, and the schedules are only looked at for their form.
  const periods = prices?.length ?? lengthOf(value['energyratestructure']);
  const schedule = readSchedule(reader, value, 'energy', periods);
  const demand = readDemand(reader, value);
  const rest = {
    name: typeof value['name'] === 'string' ? value['name'] : '',
    startDate: readStartDate(reader, value['startdate']),
    fuelAdjustments: readFuelAdjustments(reader, value['fueladjustmentsmonthly']),
    fixed: readFixed(reader, value),
    minimums: readMinimums(reader, value),
    ...readBaseload(reader, value['baseload']),
  };
  if (reader.problems.length > 0 || prices === undefined || schedule === undefined) {
    return { kind: 'refused', problems: reader.problems };
  }
  return { kind: 'parsed', tariff: { ...rest, energy: { prices, schedule }, demand } };
};

const lengthOf = (value: unknown): number =>
  Array.isArray(value) && value.length > 0 ? value.length : Number.POSITIVE_INFINITY;

const saysNothing = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(saysNothing);
  if (isFields(value)) return saysNothing(value['rate']) && saysNothing(value['adj']);
  return isAbsent(value) || value === 0;
};

const refuseUnsupported = (reader: FieldReader, rate: Fields): void => {
  for (const field of UNSUPPORTED_CHARGES) {
    if (!saysNothing(rate[field])) reader.problem([field], 'is a charge that is not supported');
  }
  for (const [schedule, structure] of SCHEDULED_DEMAND) {
    if (!saysNothing(rate[schedule]) && !isGiven(rate[structure])) reader.problem([structure], 'is missing');
  }
  for (const field of Object.keys(rate)) {
    if (!isKnownField(field)) reader.problem([field], 'is unknown: it might be a price');
  }
};

const isGiven = (table: unknown): boolean => !isAbsent(table) && !(Array.isArray(table) && table.length === 0);

const readDemand = (reader: FieldReader, rate: Fields): Demand | undefined => {
  const flat = isGiven(rate['flatdemandstructure']) ? readFlatDemand(reader, rate) : undefined;
  const timeOfUse = isGiven(rate['demandratestructure']) ? readTimeOfUseDemand(reader, rate) : undefined;
  const windowMinutes = readWindowMinutes(reader, rate['demandwindow']);
  if (flat === undefined && timeOfUse === undefined) return undefined;
  return { windowMinutes, ...(flat && { flat }), ...(timeOfUse && { timeOfUse }) };
};

/** Apparent power and horsepower are not what an energy meter reads; a `daily` unit charges every day's peak. */
const requireKilowatts = (reader: FieldReader, rate: Fields, field: string): void => {
  if (!isAbsent(rate[field])) reader.oneOf(rate[field], [field], DEMAND_UNITS);
};

const readFlatDemand = (reader: FieldReader, rate: Fields): Demand['flat'] => {
  requireKilowatts(reader, rate, 'flatdemandunit');
  const prices = readTierTable(reader, rate['flatdemandstructure'], 'flatdemandstructure');
  const count = prices?.length ?? lengthOf(rate['flatdemandstructure']);
  const periodOfMonth = readPeriodOfMonth(reader, rate['flatdemandmonths'], 'flatdemandmonths', count);
  return prices === undefined || periodOfMonth === undefined ? undefined : { prices, periodOfMonth };
};

const readTimeOfUseDemand = (reader: FieldReader, rate: Fields): Demand['timeOfUse'] => {
  requireKilowatts(reader, rate, 'demandrateunit');
  const prices = readTierTable(reader, rate['demandratestructure'], 'demandratestructure');
  const count = prices?.length ?? lengthOf(rate['demandratestructure']);
  const schedule = readSchedule(reader, rate, 'demand', count);
  return prices === undefined || schedule === undefined ? undefined : { prices, schedule };
};

const readBaseload = (reader: FieldReader, value: unknown): Pick<Tariff, 'currency' | 'taxes'> => {
  const fallback = { currency: URDB_CURRENCY, taxes: [] };
  if (isAbsent(value)) return fallback;
  if (!isFields(value)) return reader.problem(['baseload'], 'must be an object') ?? fallback;
  for (const field of Object.keys(value)) {
    if (field !== 'currency' && field !== 'taxes') reader.problem(['baseload', field], 'is unknown');
  }
  const taxes = readTaxes(reader, value['taxes']);
  const code = value['currency'];
  if (isAbsent(code)) return reader.problem(['baseload', 'currency'], 'is missing') ?? { ...fallback, taxes };
  const known = typeof code === 'string' ? currency(code) : undefined;
  if (known === undefined) reader.problem(['baseload', 'currency'], 'must be a currency of ISO 4217');
  return { currency: known ?? URDB_CURRENCY, taxes };
};
