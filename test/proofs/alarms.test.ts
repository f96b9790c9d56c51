// The proof that alarms fire and clear on what a running pair of Regions really measures, and that a lost Region is one page.
// Their times on virtual time are in docs/alarms.md. Here a minute takes ten seconds: the clock is moved over the rest of it, by less
// than what counts as a gap that nobody lived through, so that every minute has its measurements.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts } from '../../drills/auditor/auditor.ts';
import { Harness } from '../../drills/pair/harness.ts';
import { demoIsLoaded, minutesPass } from '../../drills/pair/own-run.ts';
import { settled } from '../../drills/pair/settled.ts';
import { ALARMS } from '../../lib/alarms/registry.ts';
import type { AlarmState } from '../../local/control/alarm-states.ts';

const ACCOUNT = 'us_alarms';
/** Their bands need an hour of history. */
const ANOMALIES = ['payments-traffic', 'total-traffic'];

let baseload: Harness;
let token = '';
const took: string[] = [];

beforeAll(async () => {
  baseload = await Harness.start();
  await settled(baseload);
  await demoIsLoaded(baseload);
  await openAccounts(baseload, [ACCOUNT]);
  token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay' });
}, 240_000);

afterAll(async () => {
  await baseload.stop();
  process.stderr.write(`\nalarm | fault | seconds to fire | seconds to clear\n${took.join('\n')}\n`);
});

const stateOf = async (slug: string, region: string): Promise<AlarmState> => {
  const { alarms } = await baseload.state();
  const alarm = alarms.find((one) => one.slug === slug && one.region === region);
  if (alarm === undefined) throw new Error(`no alarm ${slug} in ${region}`);
  return alarm;
};

const are = async (state: AlarmState['state'], expected: readonly (readonly [string, string])[]): Promise<boolean> => {
  const now = await Promise.all(expected.map(([slug, region]) => stateOf(slug, region)));
  return now.every((alarm) => alarm.state === state);
};

const secondsSince = async (sinceMs: number, alarms: readonly (readonly [string, string])[]) =>
  new Map(
    await Promise.all(
      alarms.map(async ([slug, region]) => {
        const alarm = await stateOf(slug, region);
        return [`${slug} of ${region}`, Math.round((alarm.sinceMs - sinceMs) / 1000)] as const;
      }),
    ),
  );

/** What the topics of P0 were told since, of both Regions. */
const paged = async (sinceMs: number): Promise<readonly string[]> => {
  const { pages } = (await baseload.control('GET', '/api/pages')).body as {
    readonly pages: readonly { readonly atMs: number; readonly topicArn: string; readonly subject: string }[];
  };
  return pages
    .filter(({ atMs, topicArn }) => atMs >= sinceMs && topicArn.endsWith('-P0'))
    .map(({ subject }) => subject);
};

test('every alarm is evaluated within minutes of its Region’s start, and a healthy Region is not said to be otherwise', async () => {
  await minutesPass(baseload, 'no alarm has insufficient data', 5, async () => {
    const { alarms } = await baseload.state();
    return alarms.every(({ slug, state }) => state !== 'INSUFFICIENT_DATA' || ANOMALIES.includes(slug));
  });
  const { alarms } = await baseload.state();
  // A part may ring by itself, for one answer that a starting Region owed: it tells nobody.
  const pages = ALARMS.filter(({ tier }) => tier === 'P0').map(({ slug }): string => slug);
  expect(alarms.filter(({ slug, state }) => pages.includes(slug) && state !== 'OK')).toEqual([]);
}, 120_000);

describe('both Regions are cut off while payers go on', () => {
  test('alarms of each kind fire, and clear when the Regions are back', async () => {
    const expected = baseload.regionNames.flatMap((region) =>
      [
        'ledger-refusals',
        'both-regions-unhealthy',
        'peer-unhealthy',
        'slo-fast-burn',
        'region-unhealthy',
        'replication-lag',
      ].map((slug) => [slug, region] as const),
    );
    const fromMs = (await baseload.state()).clock.nowMs;
    for (const region of baseload.regionNames) await baseload.tell(region, 'isolate');
    let paying = true;
    const payers = baseload.regionNames.map(async (region) => {
      for (let n = 0; paying; n++) {
        const key = `${region}-${n}`;
        const body = { amountMinor: 100, currency: 'USD', method: 'card' };
        await baseload
          .region(region, 'POST', `/v1/accounts/${ACCOUNT}/payments`, { token, idempotencyKey: key, body })
          .catch(() => undefined);
      }
    });
    await minutesPass(baseload, 'all of them ring', 9, () => are('ALARM', expected));
    paying = false;
    await Promise.all(payers);
    const fired = await secondsSince(fromMs, expected);
    const backMs = (await baseload.state()).clock.nowMs;
    for (const region of baseload.regionNames) await baseload.tell(region, 'rejoin');
    await minutesPass(baseload, 'all of them are quiet', 12, () => are('OK', expected));
    const cleared = await secondsSince(backMs, expected);
    for (const [name, seconds] of fired)
      took.push(`${name} | both Regions cut off | ${seconds} | ${cleared.get(name)}`);
  }, 300_000);
});

test('a killed Region is one page over both Regions, and its return is announced', async () => {
  const [killed = '', left = ''] = baseload.regionNames;
  const lost = [['peer-unhealthy', left]] as const;
  const fromMs = (await baseload.state()).clock.nowMs;
  await baseload.tell(killed, 'kill');
  // What was cut off before may still be said to have recovered: that wakes nobody.
  const woken = async () => (await paged(fromMs)).filter((page) => page.includes(' ALARM'));
  await minutesPass(baseload, 'somebody is paged', 12, async () => (await woken()).length > 0);
  const fired = await secondsSince(fromMs, lost);
  // Whatever else would ring has the time to.
  for (let minute = 0; minute < 4; minute++)
    await minutesPass(baseload, 'never', 1, async () => false).catch(() => undefined);
  expect(await woken()).toEqual([expect.stringMatching(new RegExp(`^P0 ${left} peer-unhealthy.* ALARM`))]);

  const backMs = (await baseload.state()).clock.nowMs;
  await baseload.tell(killed, 'start');
  const recovery = new RegExp(`^P0 ${left} peer-unhealthy.* OK`);
  const told = async () => (await paged(backMs)).some((page) => recovery.test(page));
  await minutesPass(baseload, 'the recovery is announced', 10, told);
  expect((await paged(backMs)).filter((page) => page.includes(' ALARM'))).toEqual([]);
  const cleared = await secondsSince(backMs, lost);
  for (const [name, seconds] of fired) took.push(`${name} | ${killed} is killed | ${seconds} | ${cleared.get(name)}`);
}, 300_000);
