import { describe, expect, test } from '@jest/globals';
import { quantile, ratioOf, spreadOf } from '../../bench/harness/statistics.ts';

describe('quantile', () => {
  test('is linear between ranks, whatever the order', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((q) => quantile([40, 10, 30, 20], q))).toEqual([10, 17.5, 25, 32.5, 40]);
    expect(quantile([7], 0.99)).toBe(7);
  });

  test('refuses no values, and a share that is none', () => {
    expect(() => quantile([], 0.5)).toThrow('a quantile needs at least one value, got none');
    expect(() => quantile([1], 1.5)).toThrow('a quantile is between 0 and 1, got 1.5');
  });
});

test('a spread is not moved by one disturbed round', () => {
  expect(spreadOf([10, 11, 12, 13, 900])).toEqual({ median: 12, lowerQuartile: 11, upperQuartile: 13 });
});

test('a ratio is taken round by round: what slowed both in one round cancels', () => {
  expect(ratioOf([50, 5, 500], [100, 10, 1_000])).toEqual({ median: 0.5, lowerQuartile: 0.5, upperQuartile: 0.5 });
  expect(() => ratioOf([1, 2], [1])).toThrow('a ratio needs the same rounds of both, got 2 and 1');
});
