import { describe, expect, test } from '@jest/globals';
import { sumDecimals } from '../../../lambdas/domain/readings/decimal.ts';
import { assembleDays, type Delivery, DeliveryRefused } from '../../../lambdas/domain/readings/delivery.ts';
import { parseEspi } from '../../../lambdas/readings/espi/parse-espi.ts';
import { fixture } from './files.ts';

const total = ({ intervals }: Delivery, of: (date: string) => boolean = () => true): string =>
  sumDecimals(intervals.filter(({ date }) => of(date)).map(({ wh }) => wh));

const datesOf = ({ intervals }: Delivery): number => new Set(intervals.map(({ date }) => date)).size;

const refusal = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return error instanceof DeliveryRefused ? error.rejected : error;
  }
};

describe('published files', () => {
  test('a year of hours: 8,760 readings, 8,343,306 Wh, 365 local days', () => {
    const delivery = parseEspi(fixture('green-button/inland_single_family_2011_hourly.xml'));
    expect([delivery.intervals.length, total(delivery), datesOf(delivery), delivery.rejected]).toEqual([
      8_760,
      '8343306',
      365,
      [],
    ]);
    expect(delivery.intervals[0]).toMatchObject({
      meterId: '1',
      date: '2011-01-01',
      wh: '1002',
      durationSeconds: 3600,
    });
    const hours = (day: string) => delivery.intervals.filter(({ date }) => date === day).length;
    expect(['2011-03-13', '2011-06-01', '2011-11-06'].map(hours)).toEqual([23, 24, 25]);
    expect(assembleDays(delivery, 0)).toMatchObject({ accepted: 8_760, rejected: [] });
  });

  test('days: 444 of them, 9,917,817 Wh, with the hours of both clock changes', () => {
    const delivery = parseEspi(fixture('green-button/one_year_daily.xml'));
    expect([delivery.intervals.length, total(delivery), datesOf(delivery), delivery.rejected]).toEqual([
      444,
      '9917817',
      444,
      [],
    ]);
    const seconds = new Map(delivery.intervals.map(({ date, durationSeconds }) => [String(date), durationSeconds]));
    expect(['2013-03-10', '2013-03-11', '2013-11-03'].map((date) => seconds.get(date))).toEqual([
      82_800, 86_400, 90_000,
    ]);
    expect(total(delivery, (date) => date.startsWith('2014-02'))).toBe('625716');
    expect(total(delivery, (date) => date.startsWith('2014-03'))).toBe('447993');
  });

  test('local times written as UTC, with rules of daylight saving: 23 whole days of 24 hours', () => {
    const delivery = parseEspi(fixture('green-button/october_2019_hourly.xml'));
    expect([delivery.intervals.length, total(delivery), datesOf(delivery), delivery.rejected]).toEqual([
      552,
      '351425',
      23,
      [],
    ]);
    expect(delivery.intervals[0]).toMatchObject({ meterId: '01', date: '2019-10-01' });
  });

  test('gas in therms is refused once, at its unit', () => {
    expect(parseEspi(fixture('green-button/gas_35_monthly_bills.xml'))).toMatchObject({
      intervals: [],
      rejected: [{ line: 50, field: 'uom', reason: 'must be 72, watt hours: nothing else is billed from readings' }],
    });
  });
});

/** One usage point with hourly blocks; what a test changes is visible in it. */
const feed = (readings: string, type = '<uom>72</uom><intervalLength>3600</intervalLength>', more = ''): Buffer =>
  Buffer.from(`<?xml version="1.0"?>${more}
<feed xmlns="http://www.w3.org/2005/Atom">
<entry><link rel="self" href="User/1/UsagePoint/01/MeterReading/1"/><link rel="related" href="ReadingType/1"/>
<content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
<entry><content><IntervalBlock xmlns="http://naesb.org/espi">
${readings}
</IntervalBlock></content><link rel="self" href="User/1/UsagePoint/01/MeterReading/1/IntervalBlock/1"/></entry>
<entry><link rel="self" href="ReadingType/1"/>
<content><ReadingType xmlns="http://naesb.org/espi">${type}</ReadingType></content></entry>
</feed>`);

const START = 1_790_812_800;
const one = (start: number, value: number | string, more = ''): string =>
  `<IntervalReading>${more}<timePeriod><duration>3600</duration><start>${start}</start></timePeriod><value>${value}</value></IntervalReading>`;

describe('values', () => {
  const valuesOf = (bytes: Buffer) =>
    parseEspi(bytes).intervals.map(({ wh, flow, quality }) => `${wh} ${flow} ${quality}`);

  test.each([
    ['thousandths', '-3', '412', ['0.412 import actual']],
    ['kilowatt hours', '3', '0.412', ['412 import actual']],
  ])('in %s', (_, power, value, expected) => {
    const type = `<uom>72</uom><powerOfTenMultiplier>${power}</powerOfTenMultiplier>`;
    expect(valuesOf(feed(one(START, value), type))).toEqual(expected);
  });

  test('what was fed in is an export, net may be negative, forward may not', () => {
    const direction = (kind: number) => feed(one(START, -5), `<uom>72</uom><flowDirection>${kind}</flowDirection>`);
    expect([valuesOf(direction(19)), valuesOf(direction(4)), valuesOf(direction(1))]).toEqual([
      ['5 export actual'],
      ['-5 import actual'],
      [],
    ]);
    expect(parseEspi(direction(1)).rejected).toEqual([
      { line: 6, field: 'value', reason: 'must not be negative: energy fed in has a register of its own' },
    ]);
  });

  test('a reading is as good as the worst that is said of it', () => {
    const said = (...codes: readonly number[]) =>
      codes.map((code) => `<ReadingQuality><quality>${code}</quality></ReadingQuality>`).join('');
    const readings = [one(START, 1, said(0)), one(START + 3600, 1, said(17, 7)), one(START + 7200, 1, said(7, 8))];
    expect(parseEspi(feed(readings.join('\n'))).intervals.map(({ quality }) => quality)).toEqual([
      'actual',
      'substituted',
      'estimated',
    ]);
  });
});

describe('what is refused', () => {
  const entities = '<!DOCTYPE feed [<!ENTITY a "b">]>';
  test.each([
    ['a document type', feed(one(START, 1), undefined, entities), 1, 'doctype', 'a document type is not taken'],
    ['what is cut off', feed(one(START, 1)).subarray(0, 400), 6, 'xml', 'is not well-formed'],
    ['endless nesting', Buffer.from(`<feed>${'<a>'.repeat(30)}`), 1, 'xml', 'is nested deeper than 24 levels'],
    ['endless text', feed(`<a>${'x'.repeat(3_000)}</a>`), 6, 'xml', 'has an element of more than 2048 characters'],
    [
      'other XML',
      Buffer.from('<html/>'),
      1,
      'html',
      'is no Green Button file: an Atom feed of ESPI resources is needed',
    ],
    ['other encodings', Buffer.from([0xff, 0xfe, 0x3c, 0x00]), 1, 'encoding', 'must be UTF-8'],
    ['no readings', Buffer.from('<feed/>'), 1, 'IntervalBlock', 'the file holds no readings'],
  ])('%s', (_, bytes, line, field, reason) => {
    expect(refusal(() => parseEspi(bytes))).toEqual([{ line, field, reason }]);
  });

  test('the same start on every reading: the file is ambiguous', () => {
    const readings = [1, 2, 3].map((value) => one(START, value)).join('\n');
    expect(refusal(() => assembleDays(parseEspi(feed(readings)), 0))).toEqual([
      { line: 7, field: 'start', reason: 'contradicts line 6: two readings of the same time that differ' },
      { line: 8, field: 'start', reason: 'contradicts line 6: two readings of the same time that differ' },
    ]);
  });

  test('the same reading again, as overlapping blocks have it, counts once and is reported', () => {
    const { accepted, rejected } = assembleDays(parseEspi(feed(`${one(START, 1)}\n${one(START, 1)}`)), 0);
    expect([accepted, rejected]).toEqual([1, [{ line: 7, field: 'start', reason: 'repeats line 6 and counts once' }]]);
  });

  test.each([
    ['seconds that are milliseconds', one(START * 1000, 1), 'start', 'must be seconds since 1970'],
    ['no value', one(START, ''), 'value', 'must be a plain decimal number'],
    [
      'a bill of 30 days',
      one(START, 1).replace('3600', '2592000'),
      'duration',
      'must be 1 to 90000 seconds: a reading of more than a day is no interval',
    ],
    [
      'an absurd value',
      one(START, 4_294_967_295),
      'value',
      'is more than 500000000 W over its interval: no connection takes that',
    ],
  ])('%s: the reading alone', (_, bad, field, reason) => {
    const delivery = parseEspi(feed(`${one(START + 3600, 1)}\n${bad}`));
    expect([delivery.intervals.length, delivery.rejected]).toEqual([1, [{ line: 7, field, reason }]]);
  });
});
