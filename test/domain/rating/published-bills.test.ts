// Owns the proof against amounts that others computed: a URDB tariff of two tiers, three annual bills of NREL's SAM.
// Leaves to queensland.test.ts the real home.
import { describe, expect, test } from '@jest/globals';
import type { ChargeKind } from '../../../lambdas/domain/rating/charge.ts';
import { totalOf } from '../../../lambdas/domain/rating/charge.ts';
import { exact, round, sumExact, times } from '../../../lambdas/domain/rating/exact.ts';
import { price } from '../../../lambdas/domain/rating/price.ts';
import { rate } from '../../../lambdas/domain/rating/rate.ts';
import type { RatingInput } from '../../../lambdas/domain/rating/rating-input.ts';
import type { Interval } from '../../../lambdas/domain/rating/usage.ts';
import { fixtureText, inputOf, meterOf, rateObject, readings, tariffFile, tariffOf } from './rating-fixture.ts';

const monthsOf = (year: number): string[] =>
  Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`);

/** The year's charges of one kind, or of all, in cents, rounded once. */
const centsOf = (months: readonly RatingInput[], kind?: ChargeKind): bigint =>
  round(
    times(
      sumExact(
        months.map((month) =>
          totalOf(price(month).charges.filter((charge) => kind === undefined || charge.kind === kind)),
        ),
      ),
      exact(100n),
    ),
  );

test('FPL RS-1 with 2,000 kWh a month: energy USD 2,342.88 a year, fixed 12 x 7.57', () => {
  const months = monthsOf(2016).map((month) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
    const first = readings(`${month}-01T00:00:00Z`, 86_400, days, (day) => (day === 0 ? '2000000' : '0'));
    return inputOf(month, 'UTC', [meterOf(first, [tariffFile('florida_power_light_rs1')])]);
  });
  expect(centsOf(months, 'energy')).toBe(234_288n);
  expect(centsOf(months, 'fixed')).toBe(9_084n);
  expect(rate(months[0]!)).toEqual({
    lines: [
      { description: 'Fixed charge, 31 days', amountMinor: 757n },
      { description: 'Energy, tier 1, 1,000 kWh', amountMinor: 8_721n },
      { description: 'Energy, tier 2, 1,000 kWh', amountMinor: 10_803n },
    ],
    totalMinor: 20_281n,
    usageWh: 2_000_000n,
    quality: 'actual',
  });
});

interface SamCase {
  readonly id: string;
  readonly load_file: string;
  readonly tariff: Readonly<Record<string, number[][]>> & { readonly ur_monthly_fixed_charge: number };
}

const CASES = (JSON.parse(fixtureText('nrel/cases.json')) as { cases: SamCase[] }).cases;

/** Rows of [period, tier, max, ...] in URDB's shape: a list of tiers for each period. SAM counts periods from 1, URDB from 0. */
const tiersOf = (rows: readonly number[][], rateColumn: number, unit: object): object[][] => {
  const periods = Math.max(...rows.map(([period = 0]) => period));
  return Array.from({ length: periods }, (_, index) =>
    rows.filter(([period]) => period === index + 1).map((row) => ({ max: row[2], rate: row[rateColumn], ...unit })),
  );
};

const fromZero = (schedule: readonly number[][] = []): number[][] =>
  schedule.map((hours) => hours.map((period) => period - 1));

const samTariff = ({ tariff }: SamCase) =>
  tariffOf(
    rateObject({
      energyratestructure: tiersOf(tariff['ur_ec_tou_mat'] ?? [], 4, { unit: 'kWh' }),
      energyweekdayschedule: fromZero(tariff['ur_ec_sched_weekday']),
      energyweekendschedule: fromZero(tariff['ur_ec_sched_weekend']),
      demandratestructure: tiersOf(tariff['ur_dc_tou_mat'] ?? [], 3, {}),
      demandweekdayschedule: fromZero(tariff['ur_dc_sched_weekday']),
      demandweekendschedule: fromZero(tariff['ur_dc_sched_weekend']),
      fixedmonthlycharge: tariff.ur_monthly_fixed_charge,
    }),
  );

/** Mean kW as text, in Wh over `durationSeconds`: the point moves, or the digits are multiplied; nothing is rounded. */
const whOf = (kw: string, durationSeconds: number): string => {
  const [whole = '', fraction = ''] = kw.split('.');
  const scaled = BigInt(`${whole}${fraction}`) * BigInt(1000 * durationSeconds);
  return `${scaled / 3600n}e-${fraction.length}`;
};

/** SAM's year has 365 days and begins on a Monday, as 2018 does. */
const samYear = (id: string, durationSeconds: number): RatingInput[] => {
  const samCase = CASES.find((each) => each.id === id)!;
  const kilowatts = fixtureText(`nrel/${samCase.load_file}`).trim().split(/\s+/);
  const year: Interval[] = readings('2018-01-01T00:00:00Z', durationSeconds, kilowatts.length, (row) =>
    whOf(kilowatts[row]!, durationSeconds),
  );
  const tariff = samTariff(samCase);
  return monthsOf(2018).map((month) => {
    const ofMonth = year.filter(({ startMs }) => new Date(startMs).toISOString().startsWith(month));
    return inputOf(month, 'UTC', [meterOf(ofMonth, [tariff])]);
  });
};

const billedCents = (months: readonly RatingInput[]): bigint =>
  months.reduce((sum, month) => sum + rate(month).totalMinor, 0n);

describe("the annual bills of NREL's SAM", () => {
  test.each([
    ['res_tou', 3600],
    ['res_tou_15min', 900],
  ])('%s: 771.80, which SAM asserts to a tenth of a dollar', (id, durationSeconds) => {
    const months = samYear(id, durationSeconds);
    expect(centsOf(months)).toBe(77_178n);
    // Twelve bills, each rounded for itself.
    expect(billedCents(months)).toBe(77_176n);
  });

  test('comm_tou_demand_tiers: 104,614.50, of it energy 45,028.11, demand 59,226.38, fixed 360.00', () => {
    const months = samYear('comm_tou_demand_tiers', 3600);
    expect(centsOf(months, 'energy')).toBe(4_502_811n);
    expect(centsOf(months, 'demand')).toBe(5_922_638n);
    expect(centsOf(months, 'fixed')).toBe(36_000n);
    expect(centsOf(months)).toBe(10_461_449n);
    expect(billedCents(months)).toBe(10_461_448n);
  });
});
