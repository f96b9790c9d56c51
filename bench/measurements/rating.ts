// Owns how fast bills of a year of 15-minute readings are rated: pure computation, no table is read.
// Leaves to lambdas/domain/rating the rating.
import { readFileSync } from 'node:fs';
import type { IsoDate } from '../../lambdas/domain/ids.ts';
import type { Currency } from '../../lambdas/domain/money.ts';
import { periodRange } from '../../lambdas/domain/rating/local-time.ts';
import { parseTariff } from '../../lambdas/domain/rating/parse-tariff.ts';
import { rate } from '../../lambdas/domain/rating/rate.ts';
import type { RatingInput } from '../../lambdas/domain/rating/rating-input.ts';
import type { Interval } from '../../lambdas/domain/rating/usage.ts';
import { interleave } from '../harness/interleave.ts';
import type { Measurement } from '../harness/measurement.ts';
import { spreadOf } from '../harness/statistics.ts';
import { billPeriod } from '../workload/history.ts';

/** A home in the United States, the mean power in kW of each quarter of an hour of a year without a leap day. */
const READINGS = 'fixtures/nrel/pvsamv1_residential_load_15min.csv';
const TARIFFS = [
  { name: 'two tiers (florida_power_light_rs1)', file: 'fixtures/tariffs/florida_power_light_rs1.json' },
  { name: 'demand charges (psco_residential_demand)', file: 'fixtures/tariffs/psco_residential_demand.json' },
  { name: 'time of use and demand (pge_e19)', file: 'fixtures/tariffs/pge_e19.json' },
] as const;

const ZONE = 'America/New_York';
const INTERVAL_SECONDS = 900;
/** Where 2025 begins in the list of history.ts. */
const JANUARY = 12;
const MONTHS = 12;
const ROUNDS = { rounds: 15, operations: MONTHS, warmUp: 2 * MONTHS };

const readIntervals = (): readonly Interval[] => {
  const { startMs } = periodRange(billPeriod(JANUARY), ZONE);
  return readFileSync(READINGS, 'utf8')
    .trim()
    .split('\n')
    .map((power, n) => ({
      startMs: startMs + n * INTERVAL_SECONDS * 1000,
      durationSeconds: INTERVAL_SECONDS,
      wh: ((Number(power) * 1000 * INTERVAL_SECONDS) / 3_600).toFixed(3),
      quality: 'actual',
    }));
};

/** One bill for each month, with the readings that touch it. */
const monthsOf = (intervals: readonly Interval[], file: string): readonly RatingInput[] => {
  const parsed = parseTariff(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.kind === 'refused') throw new Error(`${file} is refused: ${JSON.stringify(parsed.problems)}`);
  const assignments = [{ from: '2020-01-01' as IsoDate, tariffs: [parsed.tariff] }];
  return Array.from({ length: MONTHS }, (_, month) => {
    const period = billPeriod(JANUARY + month);
    const { startMs, endMs } = periodRange(period, ZONE);
    const touching = intervals.filter((one) => one.startMs >= startMs && one.startMs < endMs);
    const meter = { assignments, firstReadingMs: intervals[0]?.startMs, intervals: touching };
    return { period, timeZone: ZONE, currency: 'USD' as Currency, meters: [meter] };
  });
};

export const measureRating: Measurement = async ({ progress }) => {
  const intervals = readIntervals();
  const contenders = TARIFFS.map(({ name, file }) => {
    const months = monthsOf(intervals, file);
    return {
      name,
      prepare: (n: number) => async () => {
        const input = months[n % MONTHS];
        if (input !== undefined && rate(input).quality !== 'actual') throw new Error(`${name} found a gap`);
      },
    };
  });
  const timed = await interleave(contenders, ROUNDS, progress);
  return {
    tables: [
      {
        title: 'rating',
        columns: [
          { key: 'perSecond', heading: 'bills/s', digits: 0 },
          { key: 'intervals', heading: 'intervals/s', digits: 0 },
          { key: 'p50Ms', heading: 'p50 ms' },
          { key: 'p99Ms', heading: 'p99 ms' },
        ],
        rows: timed.map(({ name, rates, perSecond, p50Ms, p99Ms }) => {
          const intervalsPerSecond = spreadOf(rates.map((bills) => (bills * intervals.length) / MONTHS));
          return { name, figures: { perSecond, intervals: intervalsPerSecond, p50Ms, p99Ms } };
        }),
      },
    ],
    targets: [],
    notes: [
      `A bill is a month of ${Math.round(intervals.length / MONTHS).toLocaleString('en-US')} readings; one thread.`,
    ],
  };
};
