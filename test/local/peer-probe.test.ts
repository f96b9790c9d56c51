// The proof that Regions look at each other as payers would, and that each finds the other gone when it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { settled } from '../../drills/pair/settled.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames;

beforeAll(() => settled(baseload), 120_000);
afterAll(() => settled(baseload), 120_000);

describe('each Region asks its peer, and the name that payers use', () => {
  /** What one call of the schedule published, by metric. */
  const probe = async (region: string): Promise<Readonly<Record<string, number>>> => {
    const file = join((await baseload.wiring()).dataDir, region, 'logs', 'metrics.jsonl');
    const before = readFileSync(file, 'utf8').length;
    const path = `/api/schedules/baseload-us-probe-peer/run?region=${region}`;
    expect((await baseload.control('POST', path)).status).toBe(200);
    const { value } = await baseload.waitFor(`what ${region} saw`, async () => {
      const told = readFileSync(file, 'utf8')
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('"baseload-us-probe-peer"') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as { readonly name: string; readonly values: readonly number[] });
      const peerHealthy = told.find(({ name }) => name === 'PeerHealthy');
      return peerHealthy && Object.fromEntries(told.map(({ name, values }) => [name, values[0] ?? Number.NaN]));
    });
    return value;
  };

  test('both healthy: each finds the other, and payers are led to one', async () => {
    expect(await probe(EAST)).toEqual({ PeerHealthy: 1, RoutingAnswers: 1 });
    expect(await probe(WEST)).toEqual({ PeerHealthy: 1, RoutingAnswers: 1 });
  }, 90_000);

  test('the peer is killed: the other finds it gone, while payers are still led to a Region', async () => {
    await baseload.tell(WEST, 'kill');
    expect(await probe(EAST)).toEqual({ PeerHealthy: 0, RoutingAnswers: 1 });
    await settled(baseload);
  }, 150_000);
});
