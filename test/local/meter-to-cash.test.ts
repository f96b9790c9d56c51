// The proof of the way from a meter's file to money: bills to the cent that others computed, paid, settled, noticed, corrected.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { functionName } from '../../lambdas/shared/names.ts';
import { TABLES } from '../engine/tables.ts';
import { augustIn, correctedDay, fixtureText } from './meter-files.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames;
const QUEENSLAND = 'us_mtc-queensland';
const GREEN_BUTTON = 'us_mtc-green-button';
const BILLED_BY_RUN = 'us_mtc-run';
const CSV = { 'content-type': 'text/csv' };
const XML = { 'content-type': 'application/xml' };

let operator = '';
let openedAt = '';
let deadNotices = 0;

const ok = async (method: string, path: string, request: Parameters<typeof baseload.api>[2] = {}, region = EAST) => {
  const answer = await baseload.region(region, method, path, { token: operator, ...request });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const open = (accountId: string, currency: string, timeZone: string) =>
  ok('POST', '/v1/accounts', { body: { accountId, name: 'A home', currency, timeZone } });

const putTariff = (tariffId: string) =>
  ok('PUT', `/v1/tariffs/${tariffId}`, { body: fixtureText(`tariffs/${tariffId}.json`) });

const putMeter = (accountId: string, meterId: string, tariffId: string, from: string) =>
  ok('PUT', `/v1/accounts/${accountId}/meters/${meterId}`, { body: { tariffId, from } });

/** Sends a file and waits for it to be stored: how many intervals of it were accepted. */
const deliver = async (body: string, headers: Record<string, string>): Promise<number> => {
  const answer = await baseload.region(EAST, 'POST', '/v1/readings', { token: operator, body, headers });
  expect([answer.status, answer.body.rejected]).toEqual([202, []]);
  const { value } = await baseload.waitFor(`batch ${answer.body.batchId} stored`, async () => {
    const batch = await baseload.region(EAST, 'GET', `/v1/readings/${answer.body.batchId}`, { token: operator });
    return batch.body.status === 'stored' && batch.body;
  });
  return value.accepted;
};

const preview = (account: string, period: string, region = EAST) =>
  ok('GET', `/v1/accounts/${account}/bills/preview?period=${period}`, {}, region);

/** Without lines: from usage and tariff. */
const issue = (account: string, period: string, dueDate: string) =>
  ok('POST', `/v1/accounts/${account}/bills`, { idempotencyKey: `bill-${period}`, body: { period, dueDate } });

/** What a preview and an issued bill have in common. */
const document = ({ period, totalMinor, currency, lines, usageWh, quality }: Record<string, unknown>) => ({
  period,
  totalMinor,
  currency,
  lines,
  usageWh,
  quality,
});

/** Pays, waits until both Regions know that it is settled, and gives what the processor's own books say of the payment. */
const payAndSettle = async (account: string, amountMinor: number, currency: string) => {
  const { paymentId } = await ok('POST', `/v1/accounts/${account}/payments`, {
    token: await baseload.token({ accounts: [account], scope: 'billing:pay' }),
    idempotencyKey: `pay-${amountMinor}`,
    body: { amountMinor, currency, method: 'card' },
  });
  for (const region of baseload.regionNames) {
    await baseload.waitFor(
      `${paymentId} settled in ${region}`,
      async () => (await ok('GET', `/v1/accounts/${account}/payments/${paymentId}`, {}, region)).status === 'settled',
      60_000,
    );
  }
  const { processor } = await baseload.wiring();
  const books = (await (await fetch(`${processor}/admin/books`)).json()) as { charges: { paymentId: string }[] };
  return books.charges.filter((charge) => charge.paymentId === paymentId);
};

const billsOf = async (account: string, region = EAST): Promise<readonly { billId: string; status: string }[]> =>
  (await ok('GET', `/v1/accounts/${account}/bills`, {}, region)).bills;

const statusesOf = async (account: string) => (await billsOf(account)).map(({ billId, status }) => [billId, status]);

const factsOf = async (account: string) => {
  const ledger = await readLedger(operatorDynamo(await baseload.dynamodb(EAST), EAST), TABLES.ledger);
  return ledger.filter(({ pk }) => pk === account).map(({ sk }) => sk);
};

const queueOf = async (region: string, slug: string) => {
  const queue = (await baseload.state()).queues.find((one) => one.region === region && one.slug === slug);
  if (queue === undefined) throw new Error(`no queue ${slug} in ${region}`);
  return queue;
};

/** Every fact so far has been handed to the queues, and this one is worked off, with no more dead than there were before. */
const drained = async (region: string, slug: string, dead: number) => {
  await baseload.waitFor(
    `every fact handed on in ${region}`,
    async () => (await baseload.state()).regions[region]?.viewLagMs === 0,
  );
  await baseload.waitFor(`${slug} of ${region} worked off`, async () => {
    const { visible, inFlight } = await queueOf(region, slug);
    return visible + inFlight === 0;
  });
  expect((await queueOf(region, slug)).dlq).toBe(dead);
};

beforeAll(async () => {
  await settled(baseload);
  deadNotices = (await queueOf(EAST, 'notices')).dlq;
  operator = await baseload.token({ scope: 'billing:operate billing:read readings:write' });
  await open(QUEENSLAND, 'AUD', 'Australia/Brisbane');
  await open(GREEN_BUTTON, 'USD', 'America/New_York');
  ({ openedAt } = await open(BILLED_BY_RUN, 'AUD', 'Australia/Brisbane'));
  for (const tariffId of ['qld_tariff_11_2017', 'florida_power_light_rs1']) await putTariff(tariffId);
}, 120_000);

describe('a NEM12 file of a real home', () => {
  test('6,912 half-hours in, August 2016 out as previewed: A$60.25, as others computed it', async () => {
    await putMeter(QUEENSLAND, '3044076134', 'qld_tariff_11_2017', '2016-08-01');
    expect(await deliver(fixtureText('nem12/qld_home_2016.csv'), CSV)).toBe(6_912);
    const previewed = await preview(QUEENSLAND, '2016-08');
    expect(previewed).toMatchObject({ totalMinor: 6_025, currency: 'AUD', usageWh: 142_500, quality: 'estimated' });
    const issued = await issue(QUEENSLAND, '2016-08', '2016-09-21');
    expect(issued).toMatchObject({ billId: 'bill_2016-08_r1', status: 'open', dueDate: '2016-09-21' });
    expect(document(issued)).toEqual(previewed);
  }, 60_000);

  test('is paid: A$60.25 charged once by the processor, settled in both Regions, nothing pending, noticed', async () => {
    expect(await payAndSettle(QUEENSLAND, 6_025, 'AUD')).toEqual([
      expect.objectContaining({ amountMinor: 6_025, currency: 'AUD', status: 'collected' }),
    ]);
    expect(await ok('GET', `/v1/accounts/${QUEENSLAND}`)).toMatchObject({
      balanceMinor: 0,
      dueMinor: 0,
      pendingMinor: 0,
      nextDueDate: null,
    });
    expect(await statusesOf(QUEENSLAND)).toEqual([['bill_2016-08_r1', 'paid']]);
    await drained(EAST, 'notices', deadNotices);
  }, 150_000);

  test('10 kWh more on one day: A$60.25 credited, A$62.96 billed, A$2.71 still to pay, paid', async () => {
    expect(await deliver(correctedDay('20160811', 10), CSV)).toBe(48);
    expect(await preview(QUEENSLAND, '2016-08')).toMatchObject({ totalMinor: 6_296, usageWh: 152_500 });
    const rebilled = await ok('POST', `/v1/accounts/${QUEENSLAND}/bills/bill_2016-08_r1/rebills`, {
      idempotencyKey: 'rebill',
      body: { reason: 'a day was read anew' },
    });
    expect(rebilled).toMatchObject({
      billId: 'bill_2016-08_r2',
      revision: 2,
      totalMinor: 6_296,
      creditNote: { billId: 'bill_2016-08_r1', amountMinor: -6_025 },
    });
    await baseload.waitFor('A$2.71 owed', async () => {
      return (await ok('GET', `/v1/accounts/${QUEENSLAND}`)).balanceMinor === 271;
    });
    expect(await statusesOf(QUEENSLAND)).toEqual([
      ['bill_2016-08_r2', 'open'],
      ['bill_2016-08_r1', 'credited'],
    ]);
    expect(await payAndSettle(QUEENSLAND, 271, 'AUD')).toEqual([
      expect.objectContaining({ amountMinor: 271, status: 'collected' }),
    ]);
    expect(await statusesOf(QUEENSLAND)).toEqual([
      ['bill_2016-08_r2', 'paid'],
      ['bill_2016-08_r1', 'credited'],
    ]);
    await drained(EAST, 'notices', deadNotices);
  }, 150_000);
});

test('444 days of a Green Button file in, February 2014 out: 625,716 Wh as its publisher sums them, USD 62.14 by FPL RS-1, settled', async () => {
  await putMeter(GREEN_BUTTON, '1', 'florida_power_light_rs1', '2013-01-01');
  expect(await deliver(fixtureText('green-button/one_year_daily.xml'), XML)).toBe(444);
  const previewed = await preview(GREEN_BUTTON, '2014-02');
  // 7.57 a month, 0.07531 + 0.0119 a kWh up to 1,000: 6,213.87 cents.
  expect(previewed).toMatchObject({ totalMinor: 6_214, currency: 'USD', usageWh: 625_716, quality: 'actual' });
  expect(document(await issue(GREEN_BUTTON, '2014-02', '2014-03-21'))).toEqual(previewed);
  expect(await payAndSettle(GREEN_BUTTON, 6_214, 'USD')).toEqual([
    expect.objectContaining({ amountMinor: 6_214, currency: 'USD', status: 'collected' }),
  ]);
  const { balanceMinor, pendingMinor } = await ok('GET', `/v1/accounts/${GREEN_BUTTON}`);
  expect([balanceMinor, pendingMinor]).toEqual([0, 0]);
}, 150_000);

describe('the bill run', () => {
  const SCHEDULE = functionName('us', 'start-bill-run');
  let period = '';
  const run = (region: string, name = SCHEDULE) =>
    baseload.control('POST', `/api/schedules/${name}/run?region=${region}`);

  test('bills the home’s 22 days of August, delivered as those of last month: A$60.25, as previewed', async () => {
    // The run's own clock says which month that is.
    const opened = new Date(openedAt);
    const lastMonth = new Date(Date.UTC(opened.getUTCFullYear(), opened.getUTCMonth() - 1, 1));
    period = lastMonth.toISOString().slice(0, 7);
    await putMeter(BILLED_BY_RUN, '3044076135', 'qld_tariff_11_2017', `${period}-01`);
    expect(await deliver(augustIn(period, '3044076135'), CSV)).toBe(22 * 48);
    const previewed = await preview(BILLED_BY_RUN, period);
    expect(previewed).toMatchObject({ totalMinor: 6_025, usageWh: 142_500 });
    expect((await run(EAST)).status).toBe(200);
    const { value } = await baseload.waitFor('the bill of the run', async () => (await billsOf(BILLED_BY_RUN))[0]);
    expect(value).toMatchObject({ billId: `bill_${period}_r1`, status: 'open' });
    expect(document({ ...value })).toEqual(previewed);
  }, 90_000);

  test('in the other Region, which knows the same, and once more in this one, bills nothing', async () => {
    await baseload.waitFor(
      `${WEST} knows meter, tariff, readings and bill`,
      async () =>
        (await preview(BILLED_BY_RUN, period, WEST)).totalMinor === 6_025 &&
        (await billsOf(BILLED_BY_RUN, WEST)).length === 1,
    );
    for (const region of [WEST, EAST]) {
      const { dlq } = await queueOf(region, 'bill-runs');
      expect((await run(region)).status).toBe(200);
      await drained(region, 'bill-runs', dlq);
    }
    expect(await factsOf(BILLED_BY_RUN)).toEqual(['a#000', `b#${period}#000`]);
    // Whatever of the other accounts was billed by hand stays so, too.
    expect((await factsOf(GREEN_BUTTON)).filter((key) => key.startsWith('b#'))).toEqual(['b#2014-02#000']);
  }, 90_000);

  test('that nobody knows is a 404', async () => {
    const { status, body } = await run(EAST, 'tea');
    expect([status, body.message]).toEqual([404, expect.stringMatching(/^unknown schedule tea: there are /)]);
  });
});
