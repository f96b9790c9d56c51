import { describe, expect, test } from '@jest/globals';
import { sumDecimals } from '../../../lambdas/domain/readings/decimal.ts';
import { assembleDays, type Delivery, DeliveryRefused } from '../../../lambdas/domain/readings/delivery.ts';
import { parseNem12 } from '../../../lambdas/readings/nem12/parse-nem12.ts';
import { fixture, scenarios } from './files.ts';

const total = ({ intervals }: Delivery, register?: string): string =>
  sumDecimals(intervals.filter((one) => register === undefined || one.register === register).map(({ wh }) => wh));

const refusal = (bytes: Buffer): unknown => {
  try {
    return parseNem12(bytes);
  } catch (error) {
    return error instanceof DeliveryRefused ? error.rejected : error;
  }
};

/** Two days of 60-minute values; what a test changes is visible in it. */
const file = (...records: readonly string[]): Buffer =>
  Buffer.from(['100,NEM12,202610010000,MDP,RET', ...records, '900', ''].join('\r\n'));
const stream = ({ nmi = 'NMI0000001', suffix = 'E1', unit = 'kWh', minutes = 60 } = {}): string =>
  `200,${nmi},${suffix},1,${suffix},N1,SERIAL,${unit},${minutes},`;
const day = (date: string, value = '1', flag = 'A', count = 24): string =>
  `300,${date},${Array.from({ length: count }, () => value).join(',')},${flag},,,20261003000000,`;

describe('a Queensland home of 2016', () => {
  const delivery = parseNem12(fixture('nem12/qld_home_2016.csv'));

  test('has 144 days of 48 intervals and 753.96 kWh', () => {
    expect(delivery.intervals).toHaveLength(6_912);
    expect(new Set(delivery.intervals.map(({ date }) => date)).size).toBe(144);
    expect(total(delivery)).toBe('753960');
    expect(delivery.rejected).toEqual([]);
  });

  test('months are as its retailer billed them', () => {
    const month = (period: string) =>
      sumDecimals(delivery.intervals.filter(({ date }) => date.startsWith(period)).map(({ wh }) => wh));
    expect(['2016-08', '2016-09', '2016-10', '2016-11', '2016-12'].map(month)).toEqual([
      '142500',
      '144030',
      '152350',
      '138440',
      '176640',
    ]);
  });

  test('begins at midnight of UTC+10, and its event ranges keep their quality', () => {
    expect(delivery.intervals[0]).toEqual({
      line: 3,
      meterId: '3044076134',
      register: 'E1',
      flow: 'import',
      date: '2016-08-10',
      startMs: Date.parse('2016-08-09T14:00:00Z'),
      durationSeconds: 1800,
      wh: '0',
      quality: 'substituted',
    });
    expect(delivery.intervals[22]).toMatchObject({ quality: 'actual', wh: '20' });
    expect(delivery.intervals.filter(({ quality }) => quality === 'substituted')).toHaveLength(22);
  });
});

test('market scenarios: several registers, units in any case, lengths that change, substitutes and estimates', () => {
  const totals = [...scenarios()].map(([name, bytes]) => {
    const delivery = parseNem12(bytes);
    const { accepted } = assembleDays(delivery, 0);
    return [name, accepted, total(delivery), delivery.rejected.length];
  });
  // Summed by an independent reader; what is left out are streams of reactive energy.
  expect(totals.sort()).toEqual([
    ['000000000000001#CNRGYMDP', 384, '109075500', 0],
    ['000000000000005#CNRGYMDP', 288, '86617500', 0],
    ['000000000000009#CNRGYMDP', 336, '103342950', 0],
    ['03050_05031001#WBAYM', 192, '147082340', 1],
    ['08150_05031502#WBAYM', 96, '13050265', 0],
    ['NEM1203045Scenario3#GLOBALM', 384, '1279872', 4],
    ['NEM1206105bScenario7#GLOBALM', 0, '0', 8],
    ['NEM1210185Scenario10v4#GLOBALM', 576, '4299910', 0],
    ['S03#INTEGM', 384, '576000', 1],
    ['S07#INTEGM', 384, '576000', 1],
    ['SCENARIO01#TCAUSTM', 384, '277450', 0],
    ['SCENARIO03#TCAUSTM', 192, '133007', 1],
    ['SCENARIO05NEM1205083#ELECTDSM', 288, '3074256', 0],
    ['SCENARIO07NEM1206103#ELECTDSM', 0, '0', 2],
    ['SCENARIO10#TCAUSTM', 288, '162059', 0],
    ['SCENARIO105032701#ENERGEXM', 768, '13685510', 0],
    ['SCENARIO305032701#ENERGEXM', 384, '1844680', 1],
    ['SCENARIO6#UNITEDDP', 384, '265984', 0],
    ['SCENARIO8#UNITEDDP', 96, '94438', 0],
    ['Scenario01#POWERMDP', 384, '11411000', 0],
    ['Scenario05#POWERMDP', 288, '1319904', 0],
    ['Scenario07#POWERMDP', 0, '0', 2],
    ['Scenario09#POWERMDP', 336, '1539888', 0],
    ['mdffl0000000004#ACTEWM', 288, '949001', 0],
  ]);
});

describe('files that are refused as a whole, with the line and the reason', () => {
  test.each([
    ['Example_NEM12_15min_200_30min_300.csv', 3, 'intervalValue', '48 values where 96 of 15 minutes fit'],
    ['Example_NEM12_empty.csv', 2, 'recordIndicator', 'the file holds no readings'],
    ['Example_NEM12_incomplete_interval.csv', 3, 'intervalValue', '0 values where 48 of 30 minutes fit'],
    ['Example_NEM12_missing_header.csv', 2, 'recordIndicator', 'the file must begin with its header record 100'],
  ])('%s', (name, line, field, reason) => {
    expect(refusal(fixture(`nem12/invalid/${name}`))).toEqual([{ line, field, reason }]);
  });

  test.each([
    [
      'NEM13',
      fixture('nem12/qld_home_nem13.csv'),
      1,
      'versionHeader',
      'NEM13 holds accumulated reads without intervals: send NEM12',
    ],
    ['no bytes', Buffer.from(''), 1, 'recordIndicator', 'the file is empty: it begins with 100'],
    [
      'cut off',
      Buffer.from(`100,NEM12,x,y,z\n${stream()}\n`),
      2,
      'recordIndicator',
      'the file ends without its end record 900: it is cut off',
    ],
    [
      'two files in one',
      Buffer.concat([file(stream(), day('20261001')), file()]),
      5,
      'recordIndicator',
      'stands after the end record 900: send one file at a time',
    ],
    [
      'active energy in reactive units',
      file(stream({ unit: 'kVArh' }), day('20261001')),
      2,
      'uom',
      'contradicts the register: E counts active energy, in Wh, kWh or MWh',
    ],
    [
      'reactive energy in active units',
      file(stream({ suffix: 'Q1' }), day('20261001')),
      2,
      'uom',
      'contradicts the register: Q does not count active energy',
    ],
    ['an unknown unit', file(stream({ unit: 'therm' }), day('20261001')), 2, 'uom', 'is no unit that NEM12 knows'],
    [
      'seven minutes',
      file(stream({ minutes: 7 }), day('20261001')),
      2,
      'intervalLength',
      'must be 5, 15, 30 or 60 minutes',
    ],
    ['a date that is none', file(stream(), day('20260230')), 3, 'intervalDate', 'must be a date as YYYYMMDD'],
    [
      'one value too many',
      file(stream(), day('20261001', '1', 'A', 25)),
      3,
      'intervalValue',
      '25 values where 24 of 60 minutes fit',
    ],
    ['an open quote', file(stream(), '300,20261001,"1'), 3, 'record', 'is not readable as CSV'],
  ])('%s', (_, bytes, line, field, reason) => {
    expect(refusal(bytes)).toEqual([{ line, field, reason }]);
  });
});

describe('days that are refused by themselves', () => {
  test.each([
    ['text for a number', day('20261002', 'x'), 4, 'intervalValue1', 'must be a plain decimal number'],
    [
      'a negative value on an import register',
      day('20261002', '-1'),
      4,
      'intervalValue1',
      'must not be negative: energy fed in has a register of its own',
    ],
    [
      'an absurd value',
      day('20261002', '999999999'),
      4,
      'intervalValue1',
      'is more than 500000000 W over its interval: no connection takes that',
    ],
    ['V without ranges', day('20261002', '1', 'V'), 4, 'qualityMethod', 'V without a record 400 for interval 1'],
    [
      'ranges with a hole',
      `${day('20261002', '1', 'V')}\r\n400,1,10,A,,\r\n400,12,24,A,,`,
      4,
      'qualityMethod',
      'V without a record 400 for interval 11',
    ],
    [
      'ranges that overlap',
      `${day('20261002', '1', 'V')}\r\n400,1,12,A,,\r\n400,12,24,E52,,`,
      6,
      'qualityMethod',
      'interval 12 has two qualities',
    ],
    [
      'a range that contradicts its day',
      `${day('20261002')}\r\n400,1,24,E52,,`,
      5,
      'qualityMethod',
      'E contradicts line 4, which says A for the whole day',
    ],
  ])('%s', (_, bad, line, field, reason) => {
    const delivery = parseNem12(file(stream(), day('20261001'), bad));
    expect(delivery.rejected).toEqual([{ line, field, reason }]);
    expect([delivery.intervals.length, total(delivery)]).toEqual([24, '24000']);
  });

  test('intervals without a value are left out and reported, the rest counts', () => {
    const delivery = parseNem12(file(stream(), day('20261001', '1', 'V'), '400,1,20,A,,', '400,21,24,N,,'));
    expect(delivery.rejected).toEqual([
      { line: 3, field: 'qualityMethod', reason: 'N: 4 intervals from 21 to 24 have no reading' },
    ]);
    expect(total(delivery)).toBe('20000');
  });
});

test('what was fed in is an export, however its sign is written', () => {
  const delivery = parseNem12(
    file(
      stream({ suffix: 'B1' }),
      day('20261001', '-.5'),
      stream({ suffix: 'B2', unit: 'wh' }),
      day('20261001', '500'),
    ),
  );
  expect(delivery.intervals.map(({ flow, wh }) => `${flow} ${wh}`)).toEqual(new Array(48).fill('export 500'));
});

test('a byte-order mark and bare line feeds change nothing', () => {
  const bytes = Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from(String(file(stream(), day('20261001'))).replace(/\r/g, '')),
  ]);
  expect(total(parseNem12(bytes))).toBe('24000');
});

test('one day twice: alike it counts once and is reported, different it makes the file ambiguous', () => {
  const alike = assembleDays(parseNem12(file(stream(), day('20261001'), day('20261001'))), 0);
  expect([alike.accepted, alike.rejected.length, alike.rejected[0]]).toEqual([
    24,
    24,
    { line: 4, field: 'start', reason: 'repeats line 3 and counts once' },
  ]);
  expect(() => assembleDays(parseNem12(file(stream(), day('20261001'), day('20261001', '2'))), 0)).toThrow(
    'refused: line 4, start contradicts line 3: two readings of the same time that differ',
  );
});
