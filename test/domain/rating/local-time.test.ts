// Owns the proof of where days and months begin, in zones with every kind of clock change.
// Leaves to rate.test.ts what that does to a bill.
import { describe, expect, test } from '@jest/globals';
import type { IsoDate, Period } from '../../../lambdas/domain/ids.ts';
import { cellsOf } from '../../../lambdas/domain/rating/cells.ts';
import { daysInPeriod, periodRange, startOfDayMs } from '../../../lambdas/domain/rating/local-time.ts';

const startOf = (timeZone: string, day: string): string =>
  new Date(startOfDayMs(timeZone, day as IsoDate)).toISOString();

describe('a day begins', () => {
  test.each([
    ['UTC', '2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['Australia/Brisbane', '2016-08-10', '2016-08-09T14:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-01-01', '2026-01-01T11:00:00.000Z'],
    // Clocks went from 24:00 to 01:00: this day had no midnight.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    // Clocks go from 24:00 back to 23:00: midnight of the next day is the second one.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z'],
  ])('in %s on %s at %s', (timeZone, day, instant) => {
    expect(startOf(timeZone, day)).toBe(instant);
  });
});

test.each([
  ['2026-03', 743],
  ['2026-11', 721],
  ['2026-02', 672],
])('%s has %d hours in New York', (period, hours) => {
  const { startMs, endMs } = periodRange(period as Period, 'America/New_York');
  expect((endMs - startMs) / 3_600_000).toBe(hours);
});

test('months have their days', () => {
  expect(['2026-02', '2028-02', '2026-12'].map((period) => daysInPeriod(period as Period))).toEqual([28, 29, 31]);
});

describe('the cells of the day the clocks change by half an hour', () => {
  const range = {
    startMs: startOfDayMs('Australia/Lord_Howe', '2026-04-05' as IsoDate),
    endMs: startOfDayMs('Australia/Lord_Howe', '2026-04-06' as IsoDate),
  };

  test('lie end to end over 24 and a half hours', () => {
    const cells = cellsOf('Australia/Lord_Howe', range, 60);
    expect(cells.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBe(24.5 * 3_600_000);
    expect(cells.every((cell, index) => index === 0 || cell.startMs === cells[index - 1]?.endMs)).toBe(true);
  });

  test('have the hour of the clock, the repeated half hour twice', () => {
    const hours = cellsOf('Australia/Lord_Howe', range, 30).map(({ hour }) => hour);
    expect(hours.filter((hour) => hour === 1)).toHaveLength(3);
    expect(hours.filter((hour) => hour === 2)).toHaveLength(2);
  });
});
