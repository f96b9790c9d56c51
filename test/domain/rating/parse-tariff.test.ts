// Owns the proof that a rate object is read whole or refused by the name of its field.
// Leaves to the other tests what the prices come to.
import { describe, expect, test } from '@jest/globals';
import type { IsoDate } from '../../../lambdas/domain/ids.ts';
import { parseTariff } from '../../../lambdas/domain/rating/parse-tariff.ts';
import { type Tariff, tariffInForce } from '../../../lambdas/domain/rating/tariff.ts';
import { ALWAYS_FIRST, everyMonth, fixtureText, rateObject, tariffFile, tariffOf } from './rating-fixture.ts';

const problemsOf = (value: unknown) => {
  const parsed = parseTariff(value);
  return parsed.kind === 'refused' ? parsed.problems : [];
};

const energy = (...tiers: unknown[]) => rateObject({ energyratestructure: [tiers] });

test.each([
  ['florida_power_light_rs1', '2015-06-01'],
  ['jackson_emc_residential', '2017-01-01'],
  ['psco_residential_demand', '2018-01-01'],
  ['pge_e19', '2019-05-01'],
])('%s is read and starts on %s', (name, startDate) => {
  expect(tariffFile(name)).toMatchObject({ startDate, currency: 'USD', taxes: [] });
});

test('the tariff without a price is refused by the name of the price', () => {
  expect(problemsOf(JSON.parse(fixtureText('tariffs/incomplete_dixie_escalante.json')))).toEqual([
    { field: 'energyratestructure.0.0.rate', message: 'is missing' },
  ]);
});

describe('refused', () => {
  test.each([
    ['no object', [], 'body', 'must be an OpenEI URDB rate object'],
    ['no energy price', rateObject({ energyratestructure: undefined }), 'energyratestructure', 'is missing'],
    ['no tiers', energy(), 'energyratestructure.0', 'must not be empty'],
    [
      'an absurd price',
      energy({ rate: 1e10 }),
      'energyratestructure.0.0.rate',
      'must be a price of at most 1,000,000,000',
    ],
    [
      'more periods than hours',
      rateObject({ energyratestructure: Array(289).fill([{ rate: 1 }]) }),
      'energyratestructure',
      'must have at most 288 entries',
    ],
    ['a price as text', energy({ rate: '0.1' }), 'energyratestructure.0.0.rate', 'must be a number'],
    [
      'a last tier that ends',
      energy({ rate: 1, max: 500 }),
      'energyratestructure.0.0.max',
      'must be absent in the last tier',
    ],
    ['a tier without an end', energy({ rate: 1 }, { rate: 2 }), 'energyratestructure.0.0.max', 'is missing'],
    [
      'tiers out of order',
      energy({ rate: 1, max: 500 }, { rate: 2, max: 400 }, { rate: 3 }),
      'energyratestructure.0.1.max',
      'must be more than in the tier before',
    ],
    [
      'tiers by demand',
      energy({ rate: 1, unit: 'kWh/kW' }),
      'energyratestructure.0.0.unit',
      'must be one of kWh, kWh daily',
    ],
    [
      'tiers of two units',
      energy({ rate: 1, max: 5, unit: 'kWh daily' }, { rate: 2, unit: 'kWh' }),
      'energyratestructure.0.1.unit',
      'must be that of the first tier',
    ],
    [
      'a price hidden in a tier',
      energy({ rate: 1, surcharge: 2 }),
      'energyratestructure.0.0.surcharge',
      'is not supported in a tier',
    ],
    ['no weekend', rateObject({ energyweekendschedule: undefined }), 'energyweekendschedule', 'is missing'],
    [
      'eleven months',
      rateObject({ energyweekdayschedule: ALWAYS_FIRST.slice(1) }),
      'energyweekdayschedule',
      'must have 12 entries, has 11',
    ],
    [
      'a period without a price',
      rateObject({ energyweekdayschedule: [...ALWAYS_FIRST.slice(1), [...Array(23).fill(0), 1]] }),
      'energyweekdayschedule.11.23',
      'names period 1, and there are 1',
    ],
    [
      'demand without its months',
      rateObject({ flatdemandstructure: [[{ rate: 1 }]] }),
      'flatdemandmonths',
      'is missing',
    ],
    [
      'demand in kVA',
      rateObject({ flatdemandstructure: [[{ rate: 1 }]], flatdemandmonths: Array(12).fill(0), flatdemandunit: 'kVA' }),
      'flatdemandunit',
      'must be one of kW',
    ],
    [
      'a demand schedule without prices',
      rateObject({ demandweekdayschedule: everyMonth(Array(24).fill(1)) }),
      'demandratestructure',
      'is missing',
    ],
    [
      'a window of 7 minutes',
      rateObject({ demandwindow: 7 }),
      'demandwindow',
      'must be 5, 6, 10, 12, 15, 20, 30 or 60 minutes',
    ],
    ['a ratchet', rateObject({ lookbackPercent: 80 }), 'lookbackPercent', 'is a charge that is not supported'],
    [
      'a coincident rate',
      rateObject({ coincidentratestructure: [[{ rate: 2 }]] }),
      'coincidentratestructure',
      'is a charge that is not supported',
    ],
    ['a field nobody knows', rateObject({ carbonlevy: 1 }), 'carbonlevy', 'is unknown: it might be a price'],
    ['a fixed charge of no unit', rateObject({ fixedchargefirstmeter: 5 }), 'fixedchargeunits', 'is missing'],
    [
      'two fixed charges',
      rateObject({ fixedmonthlycharge: 5, fixedchargefirstmeter: 6, fixedchargeunits: '$/month' }),
      'fixedmonthlycharge',
      'contradicts fixedchargefirstmeter',
    ],
    [
      'a start of no date',
      rateObject({ startdate: 'soon' }),
      'startdate',
      'must be epoch seconds or a date, YYYY-MM-DD',
    ],
    [
      'a start in milliseconds',
      rateObject({ startdate: 1433116800000 }),
      'startdate',
      'must be epoch seconds or a date, YYYY-MM-DD',
    ],
    ['no currency', rateObject({ baseload: { taxes: [] } }), 'baseload.currency', 'is missing'],
    [
      'an unknown currency',
      rateObject({ baseload: { currency: 'USX' } }),
      'baseload.currency',
      'must be a currency of ISO 4217',
    ],
    [
      'a tax in per cent',
      rateObject({ baseload: { currency: 'AUD', taxes: [{ name: 'GST', rate: 10 }] } }),
      'baseload.taxes.0.rate',
      'must be a fraction of 1: 0.1 for 10 %',
    ],
    [
      'a tax without a name',
      rateObject({ baseload: { currency: 'AUD', taxes: [{ rate: 0.1 }] } }),
      'baseload.taxes.0.name',
      'is missing',
    ],
  ])('%s', (_, value, field, message) => {
    expect(problemsOf(value)).toEqual([{ field, message }]);
  });

  test('with every problem at once', () => {
    const value = rateObject({ energyratestructure: [[{ unit: 'kWh' }]], energyweekendschedule: null, mincharge: -1 });
    expect(problemsOf(value).map(({ field }) => field)).toEqual([
      'energyratestructure.0.0.rate',
      'energyweekendschedule',
      'mincharge',
    ]);
  });
});

describe('accepted', () => {
  test.each([9.99e37, 1e38, 99_999_999, undefined])('a last tier that ends at %p', (max) => {
    expect(tariffOf(energy({ rate: 1, max })).energy.prices[0]?.tiers[0]?.max).toBeUndefined();
  });

  test('charges that are not supported and say 0', () => {
    const zero = {
      demandratchetpercentage: Array(12).fill(0),
      lookbackPercent: 0,
      coincidentratestructure: [[{ rate: 0 }]],
    };
    expect(problemsOf(rateObject(zero))).toEqual([]);
  });

  test('null for a field that is not used', () => {
    expect(problemsOf(rateObject({ startdate: null, mincharge: null, demandratestructure: null }))).toEqual([]);
  });

  test('no baseload: the dollars of URDB, no taxes', () => {
    expect(tariffOf(rateObject({ baseload: undefined }))).toMatchObject({ currency: 'USD', taxes: [] });
  });
});

describe('the tariff in force', () => {
  const starting = (startdate: unknown): Tariff => tariffOf(rateObject({ startdate }));
  const old = starting(undefined);
  const middle = starting(1433116800);
  const young = starting('2017-01-01 00:00:00');
  const on = (day: string, tariffs: readonly Tariff[]) => tariffInForce(tariffs, day as IsoDate);

  test('is the newest that has started on the day', () => {
    const tariffs = [young, old, middle];
    expect(on('2015-05-31', tariffs)).toBe(old);
    expect(on('2015-06-01', tariffs)).toBe(middle);
    expect(on('2016-12-31', tariffs)).toBe(middle);
    expect(on('2017-01-01', tariffs)).toBe(young);
  });

  test('is the oldest before all of them', () => {
    expect(on('2000-01-01', [young, middle])).toBe(middle);
  });

  test('is none among none', () => {
    expect(on('2000-01-01', [])).toBeUndefined();
  });

  test('does not end at its enddate', () => {
    // The file's ends in August 2015.
    expect(on('2026-01-01', [tariffFile('florida_power_light_rs1')])?.name).toBe('RS-1 Residential Service');
  });
});
