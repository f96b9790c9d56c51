// The proof that alarms are evaluated on what a running pair of Regions really measures.
import { beforeAll, expect, test } from '@jest/globals';
import { settled, sharedRun } from '../local/shared-run.ts';

const baseload = sharedRun();

beforeAll(() => settled(baseload), 120_000);

test('every alarm is evaluated within a few minutes of its Region’s start, and a healthy Region is not said to be otherwise', async () => {
  const { value } = await baseload.waitFor(
    'no alarm has insufficient data, and no Region is said to be unhealthy',
    async () => {
      const { alarms } = await baseload.state();
      const isKnown = alarms.every(({ state }) => state !== 'INSUFFICIENT_DATA');
      const isHealthy = alarms.every(({ slug, state }) => slug !== 'region-unhealthy' || state === 'OK');
      return isKnown && isHealthy && alarms;
    },
    200_000,
  );
  const { clock, regions } = await baseload.state();
  expect(new Set(value.map(({ region }) => region))).toEqual(new Set(Object.keys(regions)));
  for (const { sinceMs } of value) expect(sinceMs).toBeLessThanOrEqual(clock.nowMs);
}, 210_000);
