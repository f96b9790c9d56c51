// The proof that a version of payments which fails half its calls is taken back by the template's own alarm, while payers go on, and
// that a sound one is promoted. A minute of the bake takes seconds: the clock is moved over the rest; the report says by what factor.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditPayments, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { minutesPass, moveClock, order, type Pace, startOwnRun } from '../../drills/pair/own-run.ts';
import type { DeploymentSeen } from '../../local/codedeploy/deployments.ts';
import { bundleOf, wrapped } from '../local/bundles.ts';
import { Payers } from '../local/paying-clients.ts';

const MINUTE_MS = 60_000;
/** Of each version: payers name their payments anew in each test. */
const accountsOf = (version: string) => Array.from({ length: 20 }, (_, n) => `us_${version}_${n}`);
const [BAD, SOUND] = [accountsOf('bad'), accountsOf('sound')];

/** Of the fails, every other one comes after the payment stands in the ledger: its payer gets no answer and asks again. */
const HALF_FAILS = `
let calls = 0;
exports.handler = async (event, context) => {
  calls += 1;
  if (calls % 4 === 2) throw new Error('a bad version, before the payment');
  const answer = await real.handler(event, context);
  if (calls % 4 === 0) throw new Error('a bad version, after the payment');
  return answer;
};`;

const SAYS_SO = `
exports.handler = async (event, context) => {
  const answer = await real.handler(event, context);
  return { ...answer, headers: { ...answer.headers, 'deployed-version': 'sound' } };
};`;

/** Slow while payers' errors are counted: hundreds of calls, of which one percent meets the canary. */
const WATCHED: Pace = { livedMs: 25_000, skippedMs: 35_000 };
const BRISK: Pace = { livedMs: 6_000, skippedMs: 50_000 };

let baseload: Harness;
let region = '';
let bundles = '';
const report: string[] = [];

beforeAll(async () => {
  ({ baseload } = await startOwnRun([...BAD, ...SOUND]));
  region = (await baseload.state()).dns.answer ?? '';
  bundles = await mkdtemp(join(tmpdir(), 'baseload-bundles-'));
}, 180_000);
afterAll(async () => {
  await baseload?.stop();
  await rm(bundles, { recursive: true, force: true });
  process.stderr.write(`\n${report.join('\n')}\n`);
});

const deployments = async (): Promise<readonly DeploymentSeen[]> =>
  (await baseload.control('GET', `/api/regions/${region}/deployments`)).body.deployments;

const first = async (): Promise<DeploymentSeen | undefined> => (await deployments())[0];

const payers = async (accounts: readonly string[]): Promise<Payers> => {
  const token = await baseload.token({ accounts, scope: 'billing:pay' });
  return new Payers({ api: baseload.ready.api, token, accounts, clients: 8, firstAmountMinor: 10_000, thinkMs: 20 });
};

const nowOfRun = async () => ({ realMs: Date.now(), runMs: (await baseload.state()).clock.nowMs });

/** Seconds since then, by this machine's clock and by the run's. */
const since = async ({ realMs, runMs }: { readonly realMs: number; readonly runMs: number }) => {
  const [real, run] = [(Date.now() - realMs) / 1000, ((await baseload.state()).clock.nowMs - runMs) / 1000];
  return {
    run,
    line: `${real.toFixed(0)} s, ${run.toFixed(0)} s of the run's clock (factor ${(run / real).toFixed(1)})`,
  };
};

const isAlarm = async (slug: string, state: string): Promise<boolean> =>
  (await baseload.state()).alarms.some(
    (alarm) => alarm.slug === slug && alarm.region === region && alarm.state === state,
  );

test('a version that fails half its calls is taken back by its alarm: payers hardly notice, and lose nothing', async () => {
  await minutesPass(baseload, 'the alarm is judged', 3, () => isAlarm('payments-errors', 'OK'));
  const paying = await payers(BAD);
  await baseload.waitFor('payers pay', () => paying.attempts.length >= 200);
  // At the beginning of a minute, so that the alarm judges one with many calls.
  await moveClock(baseload, MINUTE_MS - ((await baseload.state()).clock.nowMs % MINUTE_MS));
  const before = paying.attempts.length;
  const bundle = await wrapped(await bundleOf(baseload, 'payments'), join(bundles, 'bad'), HALF_FAILS);
  const begun = await nowOfRun();
  await order(baseload, `/api/regions/${region}/deployments`, { group: 'payments', bundle });
  await minutesPass(baseload, 'it is taken back', 5, async () => (await first())?.status === 'Stopped', WATCHED);
  const { run, line } = await since(begun);
  const met = paying.attempts.slice(before);
  await paying.stop(15_000);

  const [bad, rollback] = await deployments();
  expect(bad).toMatchObject({ creator: 'user', from: '1', to: '2', error: { code: 'ALARM_ACTIVE' } });
  expect(bad?.error?.message).toMatch(/Activated alarms: baseload-us-payments-errors-P1$/);
  expect(rollback).toMatchObject({ creator: 'codeDeployRollback', status: 'Succeeded', from: '2', to: '1' });
  const failed = met.filter(({ status }) => status !== 201);
  const { byOld = 0, byNew = 0 } = bad?.taken ?? {};
  report.push(
    `a version of payments that fails half its calls, in ${region}`,
    `  back after ${line}`,
    `  ${byNew} of ${byOld + byNew} calls met it (${((100 * byNew) / (byOld + byNew)).toFixed(2)} %)`,
    `  payers: ${failed.length} of ${met.length} attempts failed (${((100 * failed.length) / met.length).toFixed(2)} %)`,
  );
  // It did harm, or nothing is shown.
  expect(byNew).toBeGreaterThan(1);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length / met.length).toBeLessThan(0.01);
  expect(run).toBeLessThan(5 * 60);

  // Whoever got an error asked again with the same key.
  const dynamo = operatorDynamo(await baseload.dynamodb(region), region);
  const audit = auditPayments(paying.intents, await readLedger(dynamo, (await baseload.wiring()).ledgerTable));
  report.push(
    `  ${audit.acknowledged} payments acknowledged, ${audit.lost.length} lost, ${audit.doubled.length} doubled`,
  );
  expect(audit).toMatchObject({ lost: [], doubled: [], misnamed: [], unacknowledgedButStored: 0 });
  expect(audit.acknowledged).toBe(paying.intents.length);
  await minutesPass(baseload, 'the rollback is told', 3, () => isAlarm('deployment-rolled-back', 'ALARM'), BRISK);
}, 180_000);

test('a sound version has one percent for the interval of the template, and then all calls', async () => {
  await minutesPass(baseload, 'the alarm is quiet', 4, () => isAlarm('payments-errors', 'OK'), BRISK);
  const bundle = await wrapped(await bundleOf(baseload, 'payments'), join(bundles, 'sound'), SAYS_SO);
  const begun = await nowOfRun();
  await order(baseload, `/api/regions/${region}/deployments`, { group: 'payments', bundle });
  const paying = await payers(SOUND);
  const last = async () => (await deployments()).at(-1);
  await minutesPass(baseload, 'it is promoted', 14, async () => (await last())?.status === 'Succeeded', BRISK);
  const { run, line } = await since(begun);
  await paying.stop(15_000);
  const sound = await last();
  expect(sound).toMatchObject({ creator: 'user', from: '1' });
  expect(run).toBeGreaterThanOrEqual(10 * 60);
  const { byOld = 0, byNew = 0 } = sound?.taken ?? {};
  report.push(
    `a sound version, in ${region}`,
    `  promoted after ${line}`,
    `  ${byNew} of ${byOld + byNew} calls met it before (${((100 * byNew) / (byOld + byNew)).toFixed(2)} %)`,
    `  payers: ${paying.attempts.length} attempts, none failed`,
  );
  expect(paying.attempts.filter(({ status }) => status !== 201)).toEqual([]);
  expect(byNew / (byOld + byNew)).toBeLessThan(0.03);
  const token = await baseload.token({ accounts: SOUND, scope: 'billing:pay' });
  const body = { amountMinor: 1, currency: 'USD', method: 'card' };
  const { status, headers } = await baseload.region(region, 'POST', `/v1/accounts/${SOUND[0]}/payments`, {
    token,
    idempotencyKey: 'after-promotion',
    body,
  });
  expect([status, headers.get('deployed-version')]).toEqual([201, 'sound']);
}, 180_000);
