// The proof that alarms are evaluated on what a running pair of Regions really measures.
import { beforeAll, expect, test } from '@jest/globals';
import { settled, sharedRun } from './shared-run.ts';

const baseload = sharedRun();

beforeAll(() => settled(baseload), 120_000);

test('every alarm is evaluated within a few minutes of its Region’s start, and those of a healthy Region do not ring', async () => {
  const { value } = await baseload.waitFor(
    'no alarm has insufficient data, and none that says what a Region is now rings',
    async () => {
      const { alarms } = await baseload.state();
      const isKnown = alarms.every(({ state }) => state !== 'INSUFFICIENT_DATA');
      const isHealthy = alarms
        .filter(({ slug }) => slug === 'region-unhealthy' || slug === 'projection-lag')
        .every(({ state }) => state === 'OK');
      return isKnown && isHealthy && alarms;
    },
    200_000,
  );
  const { clock, regions } = await baseload.state();
  expect(new Set(value.map(({ region }) => region))).toEqual(new Set(Object.keys(regions)));
  for (const { sinceMs } of value) expect(sinceMs).toBeLessThanOrEqual(clock.nowMs);
}, 210_000);
