// Owns the proof of what holds for any readings and prices: cuts and order change nothing, lines sum to the total.
// Leaves to the other tests the amounts.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { totalOf } from '../../../lambdas/domain/rating/charge.ts';
import { exact, minus, round, times } from '../../../lambdas/domain/rating/exact.ts';
import { price } from '../../../lambdas/domain/rating/price.ts';
import { rate } from '../../../lambdas/domain/rating/rate.ts';
import type { Interval } from '../../../lambdas/domain/rating/usage.ts';
import { everyMonth, inputOf, meterOf, rateObject, readings, tariffOf } from './rating-fixture.ts';

const RUNS = { numRuns: 40, seed: 20261121 };

const HALF_DAYS = everyMonth(Array.from({ length: 24 }, (_, hour) => Math.floor(hour / 12)));

/** Milli-dollars: prices of either sign with three decimals. */
const priced = fc.integer({ min: -200, max: 900 }).map((thousandths) => thousandths / 1000);

const tariffs = fc
  .record({
    prices: fc.array(priced, { minLength: 4, maxLength: 4 }),
    end: fc.integer({ min: 1, max: 400 }),
    span: fc.constantFrom('kWh', 'kWh daily'),
    fixedmonthlycharge: fc.integer({ min: 0, max: 30_000 }).map((thousandths) => thousandths / 1000),
    minmonthlycharge: fc.integer({ min: 0, max: 90 }),
    tax: fc.integer({ min: 0, max: 250 }).map((thousandths) => thousandths / 1000),
  })
  .map(({ prices, end, span, tax, ...charges }) =>
    tariffOf(
      rateObject({
        ...charges,
        energyratestructure: [
          [
            { max: end, rate: prices[0], unit: span },
            { rate: prices[1], unit: span },
          ],
          [
            { max: end, rate: prices[2], unit: span },
            { rate: prices[3], unit: span },
          ],
        ],
        energyweekdayschedule: HALF_DAYS,
        energyweekendschedule: HALF_DAYS,
        baseload: { currency: 'USD', taxes: [{ name: 'Tax', rate: tax }] },
      }),
    ),
  );

/** Three days of hourly readings around a clock change, some of them lost. */
const usage = fc
  .array(fc.option(fc.integer({ min: 0, max: 90_000 }), { freq: 8 }), { minLength: 72, maxLength: 72 })
  .map((values) =>
    readings('2026-10-31T04:00:00Z', 3600, 72, (hour) => String(values[hour] ?? '')).filter(({ wh }) => wh !== ''),
  )
  .filter((intervals) => intervals.length > 0);

const inputFor = (intervals: readonly Interval[], tariff: Parameters<typeof meterOf>[1][number]) =>
  inputOf('2026-11', 'America/New_York', [
    { ...meterOf(intervals, [tariff]), firstReadingMs: Date.parse('2026-10-31T04:00:00Z') },
  ]);

/** Each reading in `parts` of equal length and use. */
const cut = (intervals: readonly Interval[], parts: number): Interval[] =>
  intervals.flatMap((interval) =>
    Array.from({ length: parts }, (_, part) => ({
      ...interval,
      startMs: interval.startMs + (part * interval.durationSeconds * 1000) / parts,
      durationSeconds: interval.durationSeconds / parts,
      wh: `${(Number(interval.wh) * 100) / parts}e-2`,
    })),
  );

describe('for any readings and prices', () => {
  test('cutting the readings changes nothing', () => {
    fc.assert(
      fc.property(usage, tariffs, fc.constantFrom(2, 4), (intervals, tariff, parts) => {
        expect(rate(inputFor(cut(intervals, parts), tariff))).toEqual(rate(inputFor(intervals, tariff)));
      }),
      RUNS,
    );
  });

  test('their order changes nothing', () => {
    fc.assert(
      fc.property(
        usage.chain((intervals) =>
          fc.tuple(
            fc.constant(intervals),
            fc.shuffledSubarray(intervals, { minLength: intervals.length, maxLength: intervals.length }),
          ),
        ),
        tariffs,
        ([intervals, shuffled], tariff) => {
          expect(rate(inputFor(shuffled, tariff))).toEqual(rate(inputFor(intervals, tariff)));
        },
      ),
      RUNS,
    );
  });

  test('lines sum to the total, the total is within half a cent of the exact charges', () => {
    fc.assert(
      fc.property(usage, tariffs, (intervals, tariff) => {
        const input = inputFor(intervals, tariff);
        const { lines, totalMinor } = rate(input);
        const exactMinor = times(totalOf(price(input).charges), exact(100n));
        expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(totalMinor);
        expect(round(exactMinor)).toBe(totalMinor);
        const off = minus(exactMinor, exact(totalMinor));
        expect(2n * off.numerator <= off.denominator && 2n * off.numerator >= -off.denominator).toBe(true);
      }),
      RUNS,
    );
  });
});
