// Owns the small inputs of the rating's tests: tariffs of one price, readings of one length, files under fixtures/.
// Leaves to the tests what must come out.
import { readFileSync } from 'node:fs';
import type { IsoDate, Period } from '../../../lambdas/domain/ids.ts';
import type { Currency } from '../../../lambdas/domain/money.ts';
import { parseTariff } from '../../../lambdas/domain/rating/parse-tariff.ts';
import type { RatedMeter, RatingInput } from '../../../lambdas/domain/rating/rating-input.ts';
import type { Tariff } from '../../../lambdas/domain/rating/tariff.ts';
import type { Interval, ReadingQuality } from '../../../lambdas/domain/rating/usage.ts';

export const fixtureText = (path: string): string =>
  readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');

/** Twelve months of one clock. */
export const everyMonth = (hours: readonly number[]): number[][] => Array.from({ length: 12 }, () => [...hours]);
export const ALWAYS_FIRST = everyMonth(Array.from({ length: 24 }, () => 0));

/** A rate object of one price; `changes` go over it. */
export const rateObject = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  name: 'One price',
  energyratestructure: [[{ rate: 0.1, unit: 'kWh' }]],
  energyweekdayschedule: ALWAYS_FIRST,
  energyweekendschedule: ALWAYS_FIRST,
  baseload: { currency: 'USD', taxes: [] },
  ...changes,
});

export const tariffOf = (value: unknown): Tariff => {
  const parsed = parseTariff(value);
  if (parsed.kind === 'refused') throw new Error(`refused: ${JSON.stringify(parsed.problems)}`);
  return parsed.tariff;
};

export const tariffFile = (name: string): Tariff => tariffOf(JSON.parse(fixtureText(`tariffs/${name}.json`)));

/** `count` readings of one length, one after the other. */
export const readings = (
  start: string,
  durationSeconds: number,
  count: number,
  wh: (index: number) => string,
  quality: ReadingQuality = 'actual',
): Interval[] => {
  const startMs = Date.parse(start);
  return Array.from({ length: count }, (_, index) => ({
    startMs: startMs + index * durationSeconds * 1000,
    durationSeconds,
    wh: wh(index),
    quality,
  }));
};

export const meterOf = (
  intervals: readonly Interval[],
  tariffs: readonly Tariff[],
  from = '2000-01-01',
): RatedMeter => ({
  assignments: [{ from: from as IsoDate, tariffs }],
  firstReadingMs: intervals.length === 0 ? undefined : Math.min(...intervals.map(({ startMs }) => startMs)),
  intervals,
});

export const inputOf = (
  period: string,
  timeZone: string,
  meters: readonly RatedMeter[],
  currency = 'USD',
): RatingInput => ({ period: period as Period, timeZone, currency: currency as Currency, meters });
