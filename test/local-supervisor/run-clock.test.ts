import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openRunClock } from '../../local/supervisor/run-clock.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'baseload-clock-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const open = () => openRunClock(dataDir, () => 1_000);

test('goes forward only, tells whoever waits, and is kept with the data', () => {
  const { clock, move } = open();
  const seen: number[] = [];
  clock.onMove(() => seen.push(clock.nowMs()));
  expect([clock.nowMs(), clock.offsetMs]).toEqual([1_000, 0]);
  move(90_000_000);
  move(90_000_001);
  expect(seen).toEqual([90_001_000, 90_001_001]);
  for (const offsetMs of [90_000_000, 1.5, Number.NaN]) {
    expect(() => move(offsetMs)).toThrow(`the clock is 90000001 ms ahead and only goes forward, got ${offsetMs}`);
  }
  expect(open().clock.nowMs()).toBe(90_001_001);
});
