import { expect, test } from '@jest/globals';
import { MovableClock } from '../../../local/movable-clock.ts';
import { followingClock } from '../../../local/region/function-clock.ts';

const aheadMs = (offset: SharedArrayBuffer): number => Number(new BigInt64Array(offset)[0]);

test("functions see the Region's clock, and stay so much ahead of it when it moves", () => {
  const region = new MovableClock(Date.now, 1_000);
  const seen = followingClock(region);
  expect(aheadMs(seen.offset)).toBe(1_000);
  seen.skew(5_000);
  expect([aheadMs(seen.offset), region.offsetMs]).toEqual([6_000, 1_000]);
  region.moveTo(60_000);
  expect(aheadMs(seen.offset)).toBe(65_000);
});

test('a wrong clock does not go back', () => {
  const seen = followingClock(new MovableClock(Date.now));
  seen.skew(5_000);
  expect(() => seen.skew(1_000)).toThrow('the clock is 5000 ms ahead and only goes forward, got 1000');
});
