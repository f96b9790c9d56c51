import { expect, test } from '@jest/globals';
import { roundTripMs, roundTripsBetween } from '../../local/latency.ts';

test('round trips are the measured ones, each direction its own', () => {
  expect(roundTripMs('us-east-1', 'us-west-2')).toBe(65.67);
  expect(roundTripMs('us-west-2', 'us-east-1')).toBe(65.13);
  expect(roundTripMs('eu-west-1', 'eu-central-1')).toBe(28.56);
});

test('a pair that was not measured is refused', () => {
  expect(() => roundTripMs('us-east-1', 'mx-central-1')).toThrow(
    'no round trip known from us-east-1 to mx-central-1: add it to fixtures/latency, or choose Regions it has',
  );
});

test('an extract holds the Regions asked for', () => {
  expect(roundTripsBetween(['us-east-1', 'us-east-2'])).toEqual({
    'us-east-1': { 'us-east-1': 7.88, 'us-east-2': 17.56 },
    'us-east-2': { 'us-east-1': 19.94, 'us-east-2': 9.07 },
  });
});
