import { expect, test } from '@jest/globals';
import { Traffic } from '../../../local/control-room/traffic.ts';

const begin = () => {
  const clock = { nowMs: 100_000 };
  const traffic = new Traffic(
    ['us-east-1', 'us-west-2'],
    (target) => (target.startsWith('east') ? 'us-east-1' : 'us-west-2'),
    () => clock.nowMs,
  );
  return { clock, traffic };
};

test('shares, rates and times are those of the last five seconds', () => {
  const { clock, traffic } = begin();
  traffic.note({ target: 'west.example', status: 200, tookMs: 900 });
  clock.nowMs += 5_000;
  for (const tookMs of [10, 20, 30]) traffic.note({ target: 'east.example', status: 201, tookMs });
  traffic.note({ target: 'west.example', status: 404, tookMs: 40 });
  const { perSecond, regions } = traffic.report();
  expect(perSecond).toBe(0.8);
  expect(regions['us-east-1']).toEqual({
    share: 0.75,
    perSecond: 0.6,
    refusedPerSecond: 0,
    failedPerSecond: 0,
    p50Ms: 20,
    p99Ms: 30,
  });
  expect(regions['us-west-2']).toMatchObject({ share: 0.25, p50Ms: 40 });
});

test('429 and 503 are refusals, other 5xx and silence are failures; both belong to the Region they were sent to', () => {
  const { traffic } = begin();
  for (const status of [429, 503, 500, 502]) traffic.note({ target: 'east.example', status, tookMs: 5 });
  traffic.note({ target: 'east.example', tookMs: 5 });
  traffic.note({ tookMs: 3_000 });
  const { regions, unroutedPerSecond } = traffic.report();
  expect(regions['us-east-1']).toMatchObject({
    perSecond: 1,
    refusedPerSecond: 0.4,
    failedPerSecond: 0.6,
    p50Ms: null,
    p99Ms: null,
  });
  expect(unroutedPerSecond).toBe(0.2);
});

test('a second of the timeline counts what ended in it', () => {
  const { clock, traffic } = begin();
  traffic.note({ target: 'east.example', status: 201, tookMs: 5 });
  clock.nowMs += 1_000;
  traffic.note({ target: 'west.example', status: 201, tookMs: 5 });
  traffic.note({ target: 'west.example', status: 429, tookMs: 5 });
  traffic.note({ tookMs: 5 });
  expect(traffic.second(clock.nowMs)).toEqual({ answered: { 'us-east-1': 0, 'us-west-2': 1 }, refused: 1, failed: 1 });
});
