// Owns the proof that numbers stay exact from their text to the one rounding.
// Leaves to the rating's tests what they stand for.
import { describe, expect, test } from '@jest/globals';
import {
  decimal,
  exact,
  floor,
  over,
  plus,
  round,
  shown,
  sumExact,
  times,
} from '../../../lambdas/domain/rating/exact.ts';

describe('decimal', () => {
  test.each([
    ['0.07531', 7531n, 100_000n],
    ['.02', 2n, 100n],
    ['-3.', -3n, 1n],
    ['+1e3', 1000n, 1n],
    ['75.159300000000002', 75_159_300_000_000_002n, 10n ** 15n],
    [0.1, 1n, 10n],
    [1e-7, 1n, 10_000_000n],
    [9.99e37, 999n * 10n ** 35n, 1n],
  ])('%p', (text, numerator, denominator) => {
    expect(decimal(text)).toEqual({ numerator, denominator });
  });

  test.each(['', '.', 'e3', '1,5', '0x10', ' 1', 'NaN', 'Infinity', '1e9999'])('%p is none', (text) => {
    expect(decimal(text)).toBeUndefined();
  });
});

test.each([
  [5n, 2n, 3n],
  [-5n, 2n, -3n],
  [49n, 100n, 0n],
  [-49n, 100n, 0n],
  [1n, 2n, 1n],
])('%d/%d rounds to %d: a half goes away from zero', (numerator, denominator, rounded) => {
  expect(round(exact(numerator, denominator))).toBe(rounded);
});

test.each([
  [7n, 2n, 3n],
  [-7n, 2n, -4n],
  [-4n, 2n, -2n],
])('the floor of %d/%d is %d', (numerator, denominator, below) => {
  expect(floor(exact(numerator, denominator))).toBe(below);
});

test('a third thrice is one, and ten tenths are', () => {
  expect(round(times(sumExact([exact(1n, 3n), exact(1n, 3n), exact(1n, 3n)]), exact(1000n)))).toBe(1000n);
  expect(sumExact(Array.from({ length: 10 }, () => exact(1n, 10n)))).toEqual(exact(10n, 10n));
  expect(plus(exact(1n, 6n), exact(1n, 3n))).toEqual(exact(1n, 2n));
});

test('a quotient keeps its denominator positive, and 0 divides nothing', () => {
  expect(over(exact(1n), exact(-2n))).toEqual(exact(-1n, 2n));
  expect(() => over(exact(1n), exact(0n))).toThrow('nothing is divided by 0');
});

test.each([
  [1_234_567n, 1000n, '1,234.567'],
  [2000n, 1n, '2,000'],
  [1n, 3n, '0.333'],
  [-3n, 2n, '-1.5'],
  [0n, 1n, '0'],
])('%d/%d is shown as %s', (numerator, denominator, text) => {
  expect(shown(exact(numerator, denominator), 3)).toBe(text);
});
