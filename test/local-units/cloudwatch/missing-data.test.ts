// The tables of the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", as they stand there.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AlarmStatus, MissingData } from '../../../local/cloudwatch/alarm-plan.ts';
import { evaluationRange, judge, type Point } from '../../../local/cloudwatch/missing-data.ts';

const POINTS: Readonly<Record<string, Point>> = { '0': 'fine', X: 'breaching', '-': 'missing' };
const points = (text: string): readonly Point[] => text.split(' ').map((one) => POINTS[one]!);
const RETAIN = 'Retain current state';
const TREATMENTS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const STATES: readonly AlarmStatus[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

test('the evaluation range of three periods is five', () => {
  expect(evaluationRange(3)).toBe(5);
});

type Row = readonly [points: string, missing: string, ignore: string, breaching: string, notBreaching: string];

describe.each<[number, Row[]]>([
  [
    3,
    [
      ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', 'INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK'],
      ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - X - -', 'ALARM', RETAIN, 'ALARM', 'OK'],
    ],
  ],
  [
    2,
    [
      ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - X -', 'ALARM', RETAIN, 'ALARM', 'OK'],
    ],
  ],
])('%i of 3', (datapointsToAlarm, rows) => {
  test.each<Row>(rows)('%s: missing %s, ignore %s, breaching %s, not breaching %s', (text, ...expected) => {
    for (const current of STATES) {
      const states = TREATMENTS.map((missing) =>
        judge(points(text), { evaluationPeriods: 3, datapointsToAlarm, missing }, current),
      );
      expect(states).toEqual(expected.map((state) => (state === RETAIN ? current : state)));
    }
  });
});

test.each(['- - - - X', '- - - X -'])('%s does not ring at once, 3 of 3: the next point may contradict it', (text) => {
  const judgement = { evaluationPeriods: 3, datapointsToAlarm: 3, missing: 'missing' } as const;
  expect(judge(points(text), judgement, 'OK')).toBe('OK');
});

const range = fc.integer({ min: 1, max: 6 }).chain((evaluationPeriods) =>
  fc.record({
    evaluationPeriods: fc.constant(evaluationPeriods),
    datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }),
    points: fc.array(fc.constantFrom<Point>('fine', 'breaching', 'missing'), {
      minLength: evaluationRange(evaluationPeriods),
      maxLength: evaluationRange(evaluationPeriods),
    }),
    current: fc.constantFrom(...STATES),
    missing: fc.constantFrom(...TREATMENTS),
  }),
);

test('without gaps, the treatment of gaps and the state before mean nothing', () => {
  fc.assert(
    fc.property(range, ({ points: some, current, ...judgement }) => {
      const whole = some.map((point) => (point === 'missing' ? 'fine' : point));
      const breaching = whole.slice(-judgement.evaluationPeriods).filter((point) => point === 'breaching').length;
      expect(judge(whole, judgement, current)).toBe(breaching >= judgement.datapointsToAlarm ? 'ALARM' : 'OK');
    }),
  );
});

test('a gap that counts as a breach never rings less than one that counts as none', () => {
  fc.assert(
    fc.property(range, ({ points: some, current, ...judgement }) => {
      const lenient = judge(some, { ...judgement, missing: 'notBreaching' }, current);
      const strict = judge(some, { ...judgement, missing: 'breaching' }, current);
      expect([lenient, strict]).not.toEqual(['ALARM', 'OK']);
      if (lenient === strict && judgement.missing === 'missing' && some.includes('fine'))
        expect(judge(some, judgement, current)).toBe(lenient);
    }),
  );
});

test('a breach more never ends an alarm', () => {
  fc.assert(
    fc.property(range, fc.nat({ max: 7 }), ({ points: some, current, ...judgement }, at) => {
      const worse = some.map((point, index) => (index === at && point === 'fine' ? 'breaching' : point));
      if (judge(some, judgement, current) === 'ALARM' && some.includes('fine'))
        expect(judge(worse, judgement, 'ALARM')).toBe('ALARM');
    }),
  );
});
