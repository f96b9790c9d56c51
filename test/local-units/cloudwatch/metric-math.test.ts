import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Query } from '../../../local/cloudwatch/alarm-plan.ts';
import { evaluateQueries, type Series } from '../../../local/cloudwatch/metric-math.ts';

const GAP = undefined;
const SERIES: Readonly<Record<string, Series>> = {
  a: [1, 2, GAP, 4],
  b: [10, GAP, GAP, 40],
  zero: [0, 0, 0, 0],
};
const metric = (id: string): Query => ({
  kind: 'metric',
  id,
  metric: { namespace: 'N', name: id, dimensions: {} },
  statistic: 'Sum',
});
const evaluate = (expression: string, more: readonly Query[] = []): Series =>
  evaluateQueries(
    [{ kind: 'expression', id: 'e', expression }, metric('a'), metric('b'), metric('zero'), ...more],
    'e',
    (id) => SERIES[id] ?? [],
  );

test.each<[string, Series]>([
  ['a', [1, 2, GAP, 4]],
  ['a + b', [11, GAP, GAP, 44]],
  ['FILL(a, 0) + FILL(b, 0)', [11, 2, 0, 44]],
  ['a + b * 2', [21, GAP, GAP, 84]],
  ['(a + b) * 2', [22, GAP, GAP, 88]],
  ['a - 1 - 1', [-1, 0, GAP, 2]],
  ['-a', [-1, -2, GAP, -4]],
  ['100 * a / b', [10, GAP, GAP, 10]],
  ['b / zero', [GAP, GAP, GAP, GAP]],
  ['a > 1', [0, 1, GAP, 1]],
  ['a >= 2 AND a != 4', [0, 1, GAP, 0]],
  ['a == 1 || a == 4', [1, 0, GAP, 1]],
  ['SUM([a, b])', [11, 2, GAP, 44]],
  ['SUM(METRICS())', [11, 2, 0, 44]],
  ['MAX([a, b])', [10, 2, GAP, 40]],
  ['MIN([a, b])', [1, 2, GAP, 4]],
  ['AVG([a, b])', [5.5, 2, GAP, 22]],
  ['SUM(FILL(METRICS(), 1))', [11, 3, 2, 44]],
  ['a / MAX(a)', [0.25, 0.5, GAP, 1]],
  ['FILL(a, REPEAT)', [1, 2, 2, 4]],
  ['FILL(b, a)', [10, 2, GAP, 40]],
  ['IF(a > 1, b, 0)', [0, GAP, GAP, 40]],
  ['IF(a > 1, 7)', [GAP, 7, GAP, 7]],
])('%s', (expression, expected) => {
  expect(evaluate(expression)).toEqual(expected);
});

test('an expression may use another', () => {
  expect(evaluate('rate * 2', [{ kind: 'expression', id: 'rate', expression: 'a / b' }])).toEqual([0.2, GAP, GAP, 0.2]);
});

describe('is refused:', () => {
  test.each([
    ['SEARCH("x", "Sum")', /^expression e, SEARCH\("x", "Sum"\): "x", "Sum"\) is not metric math that is known here$/],
    ['ANOMALY_DETECTION_BAND(a, 2)', /ANOMALY_DETECTION_BAND is not known here$/],
    ['a +', /the expression ends where a value should be$/],
    ['a b', /b is one too many in a b$/],
    ['(a', /expected \), got the end$/],
    ['FILL(a)', /FILL takes 2 argument\(s\), got 1$/],
    ['nobody', /nobody is no metric and no expression of the alarm$/],
    ['METRICS()', /^e is a list, and an alarm needs one time series$/],
    ['1 + 1', /^e is a scalar, and an alarm needs one time series$/],
    ['METRICS() + 1', /an operator between lists is not known here$/],
    ['e + 1', /e → e goes in a circle$/],
  ])('%s', (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});

test('a sum over FILL is the sum of what is there, whatever is not', () => {
  const points = fc.array(fc.option(fc.integer({ min: -1_000, max: 1_000 }), { nil: undefined }), {
    minLength: 5,
    maxLength: 5,
  });
  fc.assert(
    fc.property(points, points, (a, b) => {
      const queries: Query[] = [
        { kind: 'expression', id: 'e', expression: 'FILL(a, 0) + FILL(b, 0)' },
        metric('a'),
        metric('b'),
      ];
      const result = evaluateQueries(queries, 'e', (id) => (id === 'a' ? a : b));
      expect(result).toEqual(a.map((value, index) => (value ?? 0) + (b[index] ?? 0)));
    }),
  );
});
