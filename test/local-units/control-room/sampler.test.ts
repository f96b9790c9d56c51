import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Happenings } from '../../../local/control-room/happenings.ts';
import type { Live } from '../../../local/control-room/live.ts';
import { Sampler } from '../../../local/control-room/sampler.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const begin = () => {
  const world = { taken: 0, isBusy: false };
  const sampler = new Sampler({
    take: async () => {
      world.taken += 1;
      return { sample: { atMs: world.taken } } as Live;
    },
    isBusy: () => world.isBusy,
  });
  return { sampler, world };
};

test('with nobody there it stands still, and it ends within a second of the last one leaving', async () => {
  const { sampler, world } = begin();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(world.taken).toBe(0);
  const seen: number[] = [];
  const leave = sampler.subscribe(({ sample }) => seen.push(sample.atMs));
  await jest.advanceTimersByTimeAsync(2_500);
  expect(seen).toEqual([1, 2, 3]);
  leave();
  await jest.advanceTimersByTimeAsync(10_000);
  expect([world.taken, jest.getTimerCount()]).toEqual([3, 0]);
  expect(sampler.samples.map(({ atMs }) => atMs)).toEqual([1, 2, 3]);
});

test('while payers pay it goes on without anybody looking, and keeps five minutes', async () => {
  const { sampler, world } = begin();
  world.isBusy = true;
  sampler.wake();
  await jest.advanceTimersByTimeAsync(400_000);
  expect(sampler.samples.length).toBe(300);
  world.isBusy = false;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(jest.getTimerCount()).toBe(0);
});

test('happenings are changes, the newest first; the first word on a subject is none', () => {
  let nowMs = 0;
  const happenings = new Happenings(() => nowMs);
  happenings.note('DNS answer', 'us-east-1');
  nowMs = 5;
  happenings.note('DNS answer', 'us-east-1');
  happenings.note('DNS answer', 'us-west-2');
  nowMs = 9;
  happenings.note('DNS answer', 'us-east-1');
  expect(happenings.newestFirst()).toEqual([
    { atMs: 9, subject: 'DNS answer', before: 'us-west-2', now: 'us-east-1' },
    { atMs: 5, subject: 'DNS answer', before: 'us-east-1', now: 'us-west-2' },
  ]);
});
