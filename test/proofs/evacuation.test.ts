// The proof of D7's evacuation: the command writes a flag in the peer, which takes a healthy Region out of DNS, and brings it back; no
// control plane is called.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Harness } from '../../drills/pair/harness.ts';
import { startOwnRun } from '../../drills/pair/own-run.ts';
import { baseload as commandLine } from '../cli/two-regions.ts';

let baseload: Harness;
let EAST = '';
let WEST = '';

beforeAll(async () => {
  ({ baseload, east: EAST, west: WEST } = await startOwnRun([]));
}, 120_000);
afterAll(() => baseload?.stop(), 30_000);

describe('a Region is evacuated through its peer', () => {
  const run = (...args: readonly string[]) => commandLine([...args, '--yes', '--control', baseload.ready.control]);
  const page = () => baseload.region(WEST, 'GET', `/evacuated/${EAST}`);

  test('until then the peer serves no such page, and a Region does not know itself as one', async () => {
    expect((await page()).status).toBe(404);
    expect((await baseload.region(WEST, 'GET', `/evacuated/${WEST}`)).status).toBe(404);
    expect((await baseload.region(WEST, 'GET', '/evacuated/eu-west-1')).status).toBe(404);
  });

  test('traffic leaves it although it is healthy, and it goes on serving who asks it by name', async () => {
    const { code, printed, noted } = await run('evacuate', EAST);
    expect([code, printed.at(-1)]).toEqual([0, `${EAST}  DNS has left it: payers near it are led to ${WEST}`]);
    expect(noted.map((line) => JSON.parse(line).audit)).toEqual(['evacuate']);
    expect((await page()).status).toBe(200);
    const { dns, regions } = await baseload.state();
    expect([dns.answer, regions[EAST]]).toMatchObject([WEST, { process: 'up', evacuated: true }]);
    expect((await baseload.region(EAST, 'GET', '/health')).status).toBe(200);
  }, 150_000);

  test('status shows it, and that DNS has left it', async () => {
    const { code, printed } = await commandLine(['status', '--json', '--control', baseload.ready.control]);
    const seen = JSON.parse(printed.join(''));
    expect([code, seen.wrong]).toEqual([1, expect.arrayContaining([`${EAST} evacuated: yes`])]);
    expect(seen.regions[EAST]).toMatchObject({ health: { value: { kind: 'healthy' } }, answer: { value: WEST } });
    expect(seen.regions[WEST]).toMatchObject({ evacuated: { value: false }, answer: { value: WEST } });
  });

  test('the peer, being the last one then, stays', async () => {
    const { code, noted } = await run('evacuate', WEST);
    expect([code, noted]).toEqual([
      1,
      [`baseload: payers would have no Region: ${EAST} is evacuated itself. Add --force if they are better off so`],
    ]);
  });

  test('the peer dies: nobody says any more that it is evacuated, and traffic comes back', async () => {
    await baseload.tell(WEST, 'kill');
    await baseload.waitFor(
      'DNS answers with it again',
      async () => (await baseload.state()).dns.answer === EAST,
      60_000,
    );
    await baseload.tell(WEST, 'start');
    expect((await page()).status).toBe(200);
  }, 120_000);

  test('readmitted, it is back in DNS', async () => {
    await baseload.waitFor('DNS has left it again', async () => (await baseload.state()).dns.answer === WEST, 90_000);
    const { code, printed } = await run('readmit', EAST);
    expect([code, printed.at(-1)]).toEqual([0, `${EAST}  DNS answers with it: payers near it are led to it`]);
    expect((await baseload.state()).dns.answer).toBe(EAST);
    expect((await page()).status).toBe(404);
  }, 180_000);
});
