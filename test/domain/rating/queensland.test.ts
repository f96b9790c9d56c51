// Owns the proof of a real home's bill to the cent: 22 days of half-hours of 2016 under Queensland's tariffs of 2017.
// Leaves to the NEM12 parser's tests every other line of the file.
import { describe, expect, test } from '@jest/globals';
import { rate } from '../../../lambdas/domain/rating/rate.ts';
import type { Interval } from '../../../lambdas/domain/rating/usage.ts';
import { fixtureText, inputOf, meterOf, readings, tariffFile } from './rating-fixture.ts';

const SLOTS = 48;
const HALF_HOUR_MS = 30 * 60_000;

/** kWh as the file has them (`.02`) in Wh, exactly. */
const whOf = (kwh: string): string => {
  const [whole = '', fraction = ''] = kwh.split('.');
  return String(Number(`${whole}${fraction.padEnd(3, '0')}`));
};

/** The 300 records: a date and 48 values, midnight in AEST (UTC+10, no daylight saving) first. */
const homeReadings = (): Interval[] =>
  fixtureText('nem12/qld_home_2016.csv')
    .split('\n')
    .map((line) => line.split(','))
    .filter(([record]) => record === '300')
    .flatMap(([, date = '', ...values]) => {
      const midnightMs = Date.parse(`${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T00:00:00+10:00`);
      return values.slice(0, SLOTS).map((kwh, slot) => ({
        startMs: midnightMs + slot * HALF_HOUR_MS,
        durationSeconds: 1800,
        wh: whOf(kwh),
        quality: values[SLOTS] === 'A' ? ('actual' as const) : ('substituted' as const),
      }));
    });

const billOf = (period: string) =>
  rate(inputOf(period, 'Australia/Brisbane', [meterOf(homeReadings(), [tariffFile('qld_tariff_11_2017')])], 'AUD'));

describe('the Queensland home under tariff 11', () => {
  test('August 2016 comes to A$60.25; A$60.26 is what rounding each line first would give', () => {
    expect(billOf('2016-08')).toEqual({
      lines: [
        { description: 'Fixed charge, 22 days', amountMinor: 1970n },
        { description: 'Energy, 142.5 kWh', amountMinor: 3507n },
        { description: 'GST, 10 %', amountMinor: 548n },
      ],
      totalMinor: 6025n,
      usageWh: 142_500n,
      quality: 'estimated',
    });
  });

  test.each([
    ['2016-09', 144_030n],
    ['2016-10', 152_350n],
    ['2016-11', 138_440n],
    ['2016-12', 176_640n],
  ])('%s has %d Wh', (period, usageWh) => {
    expect(billOf(period).usageWh).toBe(usageWh);
  });

  test('a month before the first reading has nothing to bill', () => {
    expect(billOf('2016-07')).toEqual({ lines: [], totalMinor: 0n, usageWh: 0n, quality: 'missing' });
  });
});

test('tariff 12 over 31 days with 75.49 kWh at peak and 109.5 kWh off it comes to 10,486 cents', () => {
  // Hourly readings of December 2016: all peak use in one peak hour (Thursday the 1st, 17:00), the rest in one other hour.
  const hours = readings('2016-12-01T00:00:00+10:00', 3600, 31 * 24, (hour) =>
    hour === 17 ? '75490' : hour === 30 ? '109500' : '0',
  );
  const bill = rate(
    inputOf('2016-12', 'Australia/Brisbane', [meterOf(hours, [tariffFile('qld_tariff_12_2017')])], 'AUD'),
  );
  expect(bill).toEqual({
    lines: [
      { description: 'Fixed charge, 31 days', amountMinor: 3141n },
      { description: 'Energy, period 1, 109.5 kWh', amountMinor: 2175n },
      { description: 'Energy, period 2, 75.49 kWh', amountMinor: 4217n },
      { description: 'GST, 10 %', amountMinor: 953n },
    ],
    totalMinor: 10_486n,
    usageWh: 184_990n,
    quality: 'actual',
  });
});
