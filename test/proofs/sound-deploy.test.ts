// The proof that a sound version of payments is promoted once the template's interval is over, while payers go on; one that fails is
// the drill bad-deploy. A minute of the bake takes seconds: the clock is moved over the rest; the report says by what factor.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deploymentsOf } from '../../drills/faults/deployment.ts';
import { bundleOf, wrapped } from '../../drills/pair/bundles.ts';
import { isSilent } from '../../drills/pair/conditions.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { minutesPass, order, type Pace, startOwnRun } from '../../drills/pair/own-run.ts';
import { Payers } from '../local/paying-clients.ts';

const ACCOUNTS = Array.from({ length: 20 }, (_, n) => `us_sound_${n}`);
const BRISK: Pace = { livedMs: 6_000, skippedMs: 50_000 };

const SAYS_SO = `
exports.handler = async (event, context) => {
  const answer = await real.handler(event, context);
  return { ...answer, headers: { ...answer.headers, 'deployed-version': 'sound' } };
};`;

let baseload: Harness;
let region = '';
let bundles = '';
const report: string[] = [];

beforeAll(async () => {
  ({ baseload } = await startOwnRun(ACCOUNTS));
  region = (await baseload.state()).dns.answer ?? '';
  bundles = await mkdtemp(join(tmpdir(), 'baseload-bundles-'));
}, 180_000);
afterAll(async () => {
  await baseload?.stop();
  await rm(bundles, { recursive: true, force: true });
  process.stderr.write(`\n${report.join('\n')}\n`);
});

test('a sound version has one percent for the interval of the template, and then all calls', async () => {
  await minutesPass(baseload, 'the alarm is quiet', 4, () => isSilent(baseload, 'payments-errors', region), BRISK);
  const bundle = await wrapped(await bundleOf(baseload, 'payments'), join(bundles, 'sound'), SAYS_SO);
  const [realMs, { clock }] = [Date.now(), await baseload.state()];
  await order(baseload, `/api/regions/${region}/deployments`, { group: 'payments', bundle });
  const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay' });
  const paying = new Payers({
    api: baseload.ready.api,
    token,
    accounts: ACCOUNTS,
    clients: 8,
    firstAmountMinor: 10_000,
    thinkMs: 20,
  });
  const deployed = async () => (await deploymentsOf(baseload, region))[0];
  await minutesPass(baseload, 'it is promoted', 14, async () => (await deployed())?.status === 'Succeeded', BRISK);
  const real = (Date.now() - realMs) / 1000;
  const run = ((await baseload.state()).clock.nowMs - clock.nowMs) / 1000;
  await paying.stop(15_000);
  const sound = await deployed();
  expect(sound).toMatchObject({ creator: 'user', from: '1', to: '2' });
  expect(run).toBeGreaterThanOrEqual(10 * 60);
  const { byOld = 0, byNew = 0 } = sound?.taken ?? {};
  report.push(
    `a sound version, in ${region}`,
    `  promoted after ${real.toFixed(0)} s, ${run.toFixed(0)} s of the run's clock (factor ${(run / real).toFixed(1)})`,
    `  ${byNew} of ${byOld + byNew} calls met it before (${((100 * byNew) / (byOld + byNew)).toFixed(2)} %)`,
    `  payers: ${paying.attempts.length} attempts, none failed`,
  );
  expect(paying.attempts.filter(({ status }) => status !== 201)).toEqual([]);
  expect(byNew / (byOld + byNew)).toBeLessThan(0.03);
  const body = { amountMinor: 1, currency: 'USD', method: 'card' };
  const { status, headers } = await baseload.region(region, 'POST', `/v1/accounts/${ACCOUNTS[0]}/payments`, {
    token,
    idempotencyKey: 'after-promotion',
    body,
  });
  expect([status, headers.get('deployed-version')]).toEqual([201, 'sound']);
}, 180_000);
