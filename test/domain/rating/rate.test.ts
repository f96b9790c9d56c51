// Owns the proof of the rules between readings and lines: clocks, gaps, service, shares of months, demand, minimums, taxes.
// Leaves to published-bills.test.ts and queensland.test.ts the amounts of others.
import { describe, expect, test } from '@jest/globals';
import type { IsoDate } from '../../../lambdas/domain/ids.ts';
import { rate } from '../../../lambdas/domain/rating/rate.ts';
import type { Interval } from '../../../lambdas/domain/rating/usage.ts';
import { everyMonth, inputOf, meterOf, rateObject, readings, tariffFile, tariffOf } from './rating-fixture.ts';

const ONE_PRICE = tariffOf(rateObject());
const HOUR = 3600;

const billOf = (period: string, timeZone: string, intervals: readonly Interval[], changes = {}, from?: string) =>
  rate(inputOf(period, timeZone, [meterOf(intervals, [tariffOf(rateObject(changes))], from)]));

/** 1 kWh each hour of June 2026, which has 720 of them and begins on a Monday. */
const JUNE = readings('2026-06-01T00:00:00Z', HOUR, 720, () => '1000');

describe('months in a time zone', () => {
  test('a month with a day of 23 hours has one hour less to be read', () => {
    // New York, March 2026: from 05:00Z on the 1st to 04:00Z on 1 April.
    const march = readings('2026-03-01T05:00:00Z', HOUR, 743, () => '1000');
    expect(billOf('2026-03', 'America/New_York', march)).toMatchObject({ usageWh: 743_000n, quality: 'actual' });
  });

  test('a month with a day of 25 hours has one more', () => {
    const november = readings('2026-11-01T04:00:00Z', HOUR, 721, () => '1000');
    expect(billOf('2026-11', 'America/New_York', november)).toMatchObject({ usageWh: 721_000n, quality: 'actual' });
  });

  test('the repeated hour of the clock has its price twice, the skipped one never', () => {
    const secondHour = everyMonth(Array.from({ length: 24 }, (_, hour) => Number(hour === 1)));
    const changes = {
      energyratestructure: [[{ rate: 0 }], [{ rate: 1 }]],
      energyweekdayschedule: everyMonth(Array(24).fill(0)),
      energyweekendschedule: secondHour,
    };
    const november = readings('2026-11-01T04:00:00Z', HOUR, 721, () => '1000');
    // Nine weekend days, of which the first has the hour from 1 to 2 twice.
    expect(billOf('2026-11', 'America/New_York', november, changes).totalMinor).toBe(1_000n);
  });

  test('a reading across the end of the month is split by its time', () => {
    const across = readings('2026-05-31T23:00:00Z', 2 * HOUR, 361, () => '3000');
    expect(billOf('2026-06', 'UTC', across)).toMatchObject({ usageWh: 1_080_000n, quality: 'actual' });
  });

  test('a day read whole is spread over its hours', () => {
    const days = readings('2026-06-01T00:00:00Z', 24 * HOUR, 30, () => '2400');
    const noon = everyMonth(Array.from({ length: 24 }, (_, hour) => Number(hour === 12)));
    const changes = {
      energyratestructure: [[{ rate: 0 }], [{ rate: 1 }]],
      energyweekdayschedule: noon,
      energyweekendschedule: noon,
    };
    expect(billOf('2026-06', 'UTC', days, changes).totalMinor).toBe(300n);
  });
});

describe('gaps', () => {
  const without = (from: number, count: number) => JUNE.filter((_, index) => index < from || index >= from + count);

  test('are filled with what the same time used on days of the same kind', () => {
    // 9 to 10 uses 5 kWh on working days, 7 at weekends, everything else 1.
    const used = JUNE.map((reading, index) => {
      const isWeekend = Math.floor(index / 24) % 7 >= 5;
      return index % 24 === 9 ? { ...reading, wh: isWeekend ? '7000' : '5000' } : reading;
    });
    const whole = 720_000n + 22n * 4_000n + 8n * 6_000n;
    expect(billOf('2026-06', 'UTC', used).usageWh).toBe(whole);
    // Tuesday the 2nd and Saturday the 6th are lost.
    const lost = used.filter((_, index) => ![1, 5].includes(Math.floor(index / 24)));
    expect(billOf('2026-06', 'UTC', lost)).toMatchObject({ usageWh: whole, quality: 'estimated' });
  });

  test('at a time never read on such days take the other days, and else the mean', () => {
    const weekendsOnly = JUNE.filter((_, index) => Math.floor(index / 24) % 7 >= 5);
    expect(billOf('2026-06', 'UTC', [JUNE[0]!, ...weekendsOnly]).usageWh).toBe(720_000n);
    expect(billOf('2026-06', 'UTC', JUNE.slice(0, 1)).usageWh).toBe(720_000n);
  });

  test('a reading flagged by the meter makes the bill an estimate, and its value counts', () => {
    const flagged = JUNE.map((reading, index) =>
      index === 5 ? { ...reading, quality: 'substituted' as const } : reading,
    );
    expect(billOf('2026-06', 'UTC', flagged)).toMatchObject({ usageWh: 720_000n, quality: 'estimated' });
  });

  test('a month without a reading is missing, whatever months before it had', () => {
    expect(billOf('2026-07', 'UTC', JUNE)).toEqual({ lines: [], totalMinor: 0n, usageWh: 0n, quality: 'missing' });
  });

  test('half a reading missing is a gap too', () => {
    const short = [...without(3, 1), { ...JUNE[3]!, durationSeconds: 1800, wh: '500' }];
    expect(billOf('2026-06', 'UTC', short)).toMatchObject({ usageWh: 720_000n, quality: 'estimated' });
  });
});

describe('readings that claim the same time', () => {
  test('a reading that came twice is one', () => {
    expect(billOf('2026-06', 'UTC', [...JUNE, ...JUNE])).toMatchObject({ usageWh: 720_000n, quality: 'actual' });
  });

  test('two that differ: the one that starts first has the time, as an estimate, in any order', () => {
    // 10:30 to 11:30, of which the second half is free.
    const late = { ...JUNE[10]!, startMs: JUNE[10]!.startMs + 1_800_000, wh: '9000' };
    for (const intervals of [
      [...JUNE, late],
      [late, ...JUNE],
    ]) {
      expect(billOf('2026-06', 'UTC', intervals)).toMatchObject({ usageWh: 724_000n, quality: 'estimated' });
    }
  });
});

describe('service', () => {
  const FIXED = { energyratestructure: [[{ rate: 0 }]], fixedchargefirstmeter: 1, fixedchargeunits: '$/day' };
  const latter = JUNE.slice(480);

  test('starts with the first reading: days before it cost nothing and are no gap', () => {
    expect(billOf('2026-06', 'UTC', latter, FIXED)).toMatchObject({
      totalMinor: 1_000n,
      usageWh: 240_000n,
      quality: 'actual',
    });
  });

  test('starts with the tariff when readings are older', () => {
    expect(billOf('2026-06', 'UTC', JUNE, FIXED, '2026-06-16')).toMatchObject({
      totalMinor: 1_500n,
      usageWh: 360_000n,
    });
  });

  test('that started before the period makes a late first reading of the period a gap', () => {
    const meter = { ...meterOf(latter, [tariffOf(rateObject(FIXED))]), firstReadingMs: Date.parse('2026-01-01') };
    expect(rate(inputOf('2026-06', 'UTC', [meter]))).toMatchObject({
      totalMinor: 3_000n,
      usageWh: 720_000n,
      quality: 'estimated',
    });
  });

  test('of a part of a month has that part of what is per month: charges and where tiers end', () => {
    const changes = {
      energyratestructure: [[{ max: 300, rate: 0.1 }, { rate: 0.2 }]],
      fixedmonthlycharge: 9,
    };
    expect(billOf('2026-06', 'UTC', latter, changes).lines).toEqual([
      { description: 'Fixed charge, 10 days', amountMinor: 300n },
      { description: 'Energy, tier 1, 100 kWh', amountMinor: 1_000n },
      { description: 'Energy, tier 2, 140 kWh', amountMinor: 2_800n },
    ]);
  });
});

describe('tariffs that change', () => {
  test('within a month each have their days', () => {
    const tariffs = [
      tariffOf(rateObject({ fixedmonthlycharge: 30 })),
      tariffOf(rateObject({ fixedmonthlycharge: 60, startdate: '2026-06-11' })),
    ];
    expect(rate(inputOf('2026-06', 'UTC', [meterOf(JUNE, tariffs)])).lines).toEqual([
      { description: 'Fixed charge, 10 days', amountMinor: 1_000n },
      { description: 'Energy, 240 kWh', amountMinor: 2_400n },
      { description: 'Fixed charge, 20 days', amountMinor: 4_000n },
      { description: 'Energy, 480 kWh', amountMinor: 4_800n },
    ]);
  });

  test('by a new assignment count from its day, and one tax line is left of two', () => {
    const taxed = (price: number) =>
      tariffOf(
        rateObject({
          energyratestructure: [[{ rate: price }]],
          baseload: { currency: 'USD', taxes: [{ name: 'City tax', rate: 0.0725 }] },
        }),
      );
    const meter = {
      ...meterOf(JUNE, []),
      assignments: [
        { from: '2026-06-16' as IsoDate, tariffs: [taxed(0.2)] },
        { from: '2026-01-01' as IsoDate, tariffs: [taxed(0.1)] },
      ],
    };
    expect(rate(inputOf('2026-06', 'UTC', [meter]))).toMatchObject({
      lines: [
        { description: 'Energy, 360 kWh', amountMinor: 3_600n },
        { description: 'Energy, 360 kWh', amountMinor: 7_200n },
        { description: 'City tax, 7.25 %', amountMinor: 783n },
      ],
      totalMinor: 11_583n,
    });
  });

  test('into another currency than the account has are a mistake of the operator', () => {
    expect(() => rate(inputOf('2026-06', 'UTC', [meterOf(JUNE, [ONE_PRICE])], 'EUR'))).toThrow(
      'the tariff One price is in USD, the account in EUR',
    );
  });
});

describe('prices', () => {
  test('tiers of a day start anew each day', () => {
    const changes = {
      energyratestructure: [
        [
          { max: 20, rate: 0.1, unit: 'kWh daily' },
          { rate: 1, unit: 'kWh daily' },
        ],
      ],
    };
    expect(billOf('2026-06', 'UTC', JUNE, changes).lines).toEqual([
      { description: 'Energy, tier 1, 600 kWh', amountMinor: 6_000n },
      { description: 'Energy, tier 2, 120 kWh', amountMinor: 12_000n },
    ]);
  });

  test('seasons: Jackson EMC asks more for the second tier in summer', () => {
    const bill = (period: string, start: string) =>
      rate(
        inputOf(period, 'UTC', [
          meterOf(
            readings(start, 24 * HOUR, 30, () => '40000'),
            [tariffFile('jackson_emc_residential')],
          ),
        ]),
      );
    // 1,200 kWh: 650 x 0.0896 + 350 x 0.0831 + 200 x 0.0821 + 5.50
    expect(bill('2026-04', '2026-04-01T00:00:00Z').totalMinor).toBe(10_925n);
    // 650 x 0.0896 + 350 x 0.1121 + 200 x 0.1181 + 5.50 = 126.595
    expect(bill('2026-06', '2026-06-01T00:00:00Z').totalMinor).toBe(12_660n);
  });

  test('a fuel adjustment is on every kWh of its month', () => {
    const changes = { fueladjustmentsmonthly: [0, 0, 0, 0, 0, 0.005, 0, 0, 0, 0, 0, 0] };
    expect(billOf('2026-06', 'UTC', JUNE, changes).totalMinor).toBe(7_560n);
  });

  test('a credit is a line of its own and the lines still sum to the total', () => {
    const changes = { energyratestructure: [[{ rate: 0.01, adj: -0.03 }]], fixedmonthlycharge: 5.005 };
    expect(billOf('2026-06', 'UTC', JUNE, changes)).toMatchObject({
      lines: [
        { description: 'Fixed charge, 30 days', amountMinor: 500n },
        { description: 'Energy, 720 kWh', amountMinor: -1_440n },
      ],
      totalMinor: -940n,
    });
  });
});

describe('demand', () => {
  const FLAT = {
    energyratestructure: [[{ rate: 0 }]],
    flatdemandstructure: [[{ rate: 10 }]],
    flatdemandmonths: Array(12).fill(0),
  };
  // 5-minute readings of 1 kW, one of them of 7 kW at 00:20.
  const spiky = readings('2026-06-01T00:00:00Z', 300, 8_640, (index) => (index === 4 ? '700' : '100')).map((reading) =>
    reading.wh === '700' ? { ...reading, wh: '583.5' } : { ...reading, wh: '83.5' },
  );

  test.each([
    [undefined, '3.002'],
    [5, '7.002'],
    [30, '2.002'],
    [60, '1.502'],
  ])('is the highest mean over a window of %p minutes', (demandwindow, kw) => {
    const [line] = billOf('2026-06', 'UTC', spiky, { ...FLAT, demandwindow }).lines;
    expect(line?.description).toBe(`Demand, ${kw} kW`);
  });

  test('PG&E E-19 in summer: energy, flat and time-of-use demand, a fixed charge a day', () => {
    // 100 kW throughout; Monday 1 June, 13:00, 600 kW for an hour.
    const june = readings('2026-06-01T07:00:00Z', HOUR, 720, (hour) => (hour === 13 ? '600000' : '100000'));
    const bill = rate(inputOf('2026-06', 'America/Los_Angeles', [meterOf(june, [tariffFile('pge_e19')])]));
    expect(bill.lines).toEqual([
      { description: 'Fixed charge, 30 days', amountMinor: 59_137n },
      { description: 'Energy, period 3, 43,400 kWh', amountMinor: 383_526n },
      { description: 'Energy, period 4, 15,400 kWh', amountMinor: 182_998n },
      { description: 'Energy, period 5, 13,700 kWh', amountMinor: 225_831n },
      { description: 'Demand, 600 kW', amountMinor: 1_171_800n },
      { description: 'Demand, period 3, 100 kW', amountMinor: 58_100n },
      { description: 'Demand, period 4, 600 kW', amountMinor: 1_258_200n },
    ]);
    expect(bill.totalMinor).toBe(3_339_592n);
  });

  test('PSCo asks the summer price with its adjustment', () => {
    const june = readings('2026-06-01T06:00:00Z', HOUR, 720, (hour) => (hour === 100 ? '4000' : '0'));
    const bill = rate(inputOf('2026-06', 'America/Denver', [meterOf(june, [tariffFile('psco_residential_demand')])]));
    // 4 x (10.08 + 1.43)
    expect(bill.lines).toContainEqual({ description: 'Demand, 4 kW', amountMinor: 4_604n });
  });
});

describe('minimum charges', () => {
  test.each([
    [{ mincharge: 100, minchargeunits: '$/month' }, 2_800n],
    [{ mincharge: 4, minchargeunits: '$/day' }, 4_800n],
    [{ annualmincharge: 960 }, 800n],
    [{ minmonthlycharge: 100, annualmincharge: 960 }, 2_800n],
  ])('%p adds what is missing, before taxes', (changes, missing) => {
    const taxed = { baseload: { currency: 'USD', taxes: [{ name: 'Tax', rate: 0.1 }] } };
    const { lines, totalMinor } = billOf('2026-06', 'UTC', JUNE, { ...changes, ...taxed });
    expect(lines[1]).toEqual({ description: 'Up to the minimum charge', amountMinor: missing });
    expect(totalMinor).toBe(((7_200n + missing) * 11n) / 10n);
  });

  test('add nothing to a bill above them', () => {
    expect(billOf('2026-06', 'UTC', JUNE, { minmonthlycharge: 72 }).totalMinor).toBe(7_200n);
  });
});

test('two meters are one bill, rounded once, as good as the worse of them', () => {
  const half = JUNE.map((reading) => ({ ...reading, wh: '0.125' }));
  const meters = [meterOf(half, [ONE_PRICE]), meterOf(half.slice(0, 700), [ONE_PRICE])];
  // 0.9 cents each.
  expect(rate(inputOf('2026-06', 'UTC', meters))).toEqual({
    lines: [
      { description: 'Energy, 0.09 kWh', amountMinor: 1n },
      { description: 'Energy, 0.09 kWh', amountMinor: 1n },
    ],
    totalMinor: 2n,
    usageWh: 180n,
    quality: 'estimated',
  });
});
