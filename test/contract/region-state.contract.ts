// Owns what a region-state must do, whichever store holds it.
import { expect, test } from '@jest/globals';
import type { RegionState } from '../../lambdas/ports/region-state.ts';

/** `open` gives the same store on every call: tests keep apart by the names of their Regions. */
export const regionStateContract = (open: () => RegionState): void => {
  test('a Region never heard of has no watermarks', async () => {
    expect(await open().watermarks('us-nowhere-1')).toEqual(new Map());
  });

  test('a watermark advances and never goes back, each heartbeat key for itself', async () => {
    const state = open();
    await state.advanceWatermark('us-marks-1', 0, 1_790_000_000_500);
    await state.advanceWatermark('us-marks-1', 31, 1_790_000_000_100);
    await state.advanceWatermark('us-marks-1', 0, 1_790_000_000_400);
    await state.advanceWatermark('us-marks-1', 31, 1_790_000_000_200);
    expect(await state.watermarks('us-marks-1')).toEqual(
      new Map([
        [0, 1_790_000_000_500],
        [31, 1_790_000_000_200],
      ]),
    );
  });

  test('the newest of many watermarks at once stays', async () => {
    const state = open();
    const times = [3, 9, 1, 7, 5, 8, 2, 6, 4];
    await Promise.all(times.map((atMs) => state.advanceWatermark('us-marks-2', 4, atMs)));
    expect(await state.watermarks('us-marks-2')).toEqual(new Map([[4, 9]]));
  });

  test('watermarks of one Region are not those of the other', async () => {
    const state = open();
    await state.advanceWatermark('us-marks-3', 1, 10);
    await state.advanceWatermark('us-marks-4', 1, 20);
    expect(await state.watermarks('us-marks-3')).toEqual(new Map([[1, 10]]));
  });

  test('a Region is evacuated until it is readmitted, and either may be said twice', async () => {
    const state = open();
    expect(await state.isEvacuated('us-east-1')).toBe(false);
    await state.setEvacuated('us-east-1', true);
    await state.setEvacuated('us-east-1', true);
    expect(await state.isEvacuated('us-east-1')).toBe(true);
    expect(await state.isEvacuated('us-west-2')).toBe(false);
    await state.setEvacuated('us-east-1', false);
    await state.setEvacuated('us-east-1', false);
    expect(await state.isEvacuated('us-east-1')).toBe(false);
  });
};
