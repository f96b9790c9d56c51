// The proof that a deployment may stop half way: functions of the version before and of this one on the same ledger, queues, views,
// seals and archive, in both directions and in each Region. In the east whatever writes for others is of the version before and what
// reads of this one; in the west the other way round.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  auditPayments,
  openAccounts,
  operatorDynamo,
  type PaidIntent,
  readLedger,
} from '../../drills/auditor/auditor.ts';
import type { ChangedRun } from '../../drills/pair/changed-assembly.ts';
import type { ApiAnswer, Harness } from '../../drills/pair/harness.ts';
import { booksOf, demoIsLoaded } from '../../drills/pair/own-run.ts';
import { TABLES } from '../engine/tables.ts';
import { aMinuteLater, SealedChain } from '../local/sealed-chains.ts';
import { startTwoVersions } from '../local/two-versions.ts';

const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;
const ACCOUNT = 'us_two-versions';

/** They append facts, send messages, fill views, make seals. What reads them: lookup, the workers of the queues, whoever verifies. */
const WRITERS = ['payments', 'operations', 'tariffs', 'readings', 'project-facts', 'start-bill-run', 'seal-windows'];

let run: ChangedRun | undefined;
let token = '';
const intents: PaidIntent[] = [];

const baseload = (): Harness => {
  if (run === undefined) throw new Error('the run is only there inside of tests');
  return run.baseload;
};

beforeAll(async () => {
  run = await startTwoVersions((region, slug) => (region === EAST) === WRITERS.includes(slug));
  // The demo's meter files went through both versions of intake, bills of it through the catalog of both.
  await demoIsLoaded(baseload());
  await openAccounts(baseload(), [ACCOUNT]);
  token = await baseload().token({ accounts: [ACCOUNT], scope: 'billing:pay billing:read billing:operate' });
}, 240_000);
afterAll(() => run?.end(), 30_000);

const pay = async (region: string, amountMinor: number): Promise<ApiAnswer> => {
  const idempotencyKey = `paid-${amountMinor}`;
  const body = { amountMinor, currency: 'USD', method: 'card' };
  const answer = await baseload().region(region, 'POST', `/v1/accounts/${ACCOUNT}/payments`, {
    token,
    idempotencyKey,
    body,
  });
  const { paymentId, position } = answer.body;
  if (answer.status === 201 && !intents.some((one) => one.idempotencyKey === idempotencyKey))
    intents.push({ accountId: ACCOUNT, idempotencyKey, amountMinor, acknowledged: { paymentId, position, region } });
  return answer;
};

const look = (region: string, path: string, after?: string): Promise<ApiAnswer> =>
  baseload().region(region, 'GET', `/v1/accounts/${ACCOUNT}${path}`, {
    token,
    ...(after === undefined ? {} : { headers: { 'baseload-after': after } }),
  });

describe.each([
  [EAST, WEST, 1_100],
  [WEST, EAST, 2_200],
])('paid in %s', (here, there, amountMinor) => {
  test('the same key in the other Region, of the other version, gets the same answer', async () => {
    const first = await pay(here, amountMinor);
    expect(first.status).toBe(201);
    const again = await pay(there, amountMinor);
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test('its position is understood by both versions, wherever it is asked for', async () => {
    const { position, paymentId } = (await pay(here, amountMinor)).body;
    for (const region of [here, there]) {
      const { status, body } = await look(region, `/payments/${paymentId}`, position);
      expect([status, body.amountMinor]).toEqual([200, amountMinor]);
    }
  });

  test('it is charged once, settled and told, whichever version took the message', async () => {
    const { paymentId } = (await pay(here, amountMinor)).body;
    for (const region of [here, there])
      await baseload().waitFor(
        `${paymentId} settled in ${region}`,
        async () => (await look(region, `/payments/${paymentId}`)).body.status === 'settled',
        90_000,
      );
    const { charges } = await booksOf(baseload());
    expect(charges.filter((charge) => charge.paymentId === paymentId)).toMatchObject([{ status: 'collected' }]);
  }, 200_000);
});

test('a refund, a bill and its correction of one version are in the views of both, to the same balance', async () => {
  const operate = async (region: string, path: string, idempotencyKey: string, body: object) => {
    const answer = await baseload().region(region, 'POST', `/v1/accounts/${ACCOUNT}${path}`, {
      token,
      idempotencyKey,
      body,
    });
    expect([path, answer.status, answer.body]).toEqual([path, 201, expect.anything()]);
    return answer.body;
  };
  const { paymentId } = (await pay(EAST, 1_100)).body;
  await operate(WEST, `/payments/${paymentId}/refunds`, 'refund', { amountMinor: 100, reason: 'paid twice' });
  const lines = [{ description: 'Energy', amountMinor: 5_000 }];
  const bill = await operate(EAST, '/bills', 'bill', { period: '2026-09', dueDate: '2026-10-10', lines });
  await operate(WEST, '/reversals', 'reversal', { position: bill.position, reason: 'wrong reading' });
  const again = [{ description: 'Energy', amountMinor: 4_000 }];
  const last = await operate(EAST, '/bills', 'bill-again', { period: '2026-09', dueDate: '2026-10-10', lines: again });
  // 4,000 billed, 1,100 + 2,200 paid, 100 of it refunded.
  for (const region of [EAST, WEST])
    await baseload().waitFor(
      `the balance is the same in ${region}`,
      async () => (await look(region, '', last.position)).body.balanceMinor === 800,
    );
}, 60_000);

test('a page of one version is gone on with by the other', async () => {
  const pageOf = async (region: string, query: string) => (await look(region, `/statement?${query}`)).body;
  const { value: whole } = await baseload().waitFor('both views have all lines', async () => {
    const [east, west] = [await pageOf(EAST, 'limit=50'), await pageOf(WEST, 'limit=50')];
    return JSON.stringify(east.lines) === JSON.stringify(west.lines) && east.lines.length >= 6 && east.lines;
  });
  for (const [first, second] of [
    [EAST, WEST],
    [WEST, EAST],
  ] as const) {
    const one = await pageOf(first, 'limit=3');
    const two = await pageOf(second, `limit=3&cursor=${one.nextCursor}`);
    expect([...one.lines, ...two.lines]).toEqual(whole.slice(0, 6));
  }
}, 60_000);

test('what each version seals the other verifies, and either archives it', async () => {
  const chain = new SealedChain(baseload(), ACCOUNT);
  for (const [sealing, verifying] of [
    [EAST, WEST],
    [WEST, EAST],
  ] as const) {
    await baseload().waitFor(
      `a seal of ${sealing} is verified and archived in both Regions`,
      async () => {
        await pay(sealing, 10_000 + intents.length);
        await aMinuteLater(baseload(), [sealing, verifying]);
        const last = (await chain.seals()).findLast(({ region }) => region === sealing)?.ordinal ?? Number.NaN;
        const verified = await Promise.all([EAST, WEST].map((region) => chain.verifiedIn(region)));
        const archived = await Promise.all([EAST, WEST].map((region) => chain.archivedIn(region)));
        return verified.every((ordinal) => ordinal >= last) && archived.every(({ length }) => length >= last);
      },
      90_000,
    );
  }
}, 240_000);

test('nothing is dead, damaged, lost or doubled', async () => {
  const { queues, alarms } = await baseload().state();
  expect(queues.filter(({ dlq }) => dlq > 0)).toEqual([]);
  const damage = ['seal-difference', 'corrupt-fact', 'archive-difference', 'projection-failures', 'dispatch-failures'];
  expect(alarms.filter(({ slug, state }) => damage.includes(slug) && state === 'ALARM')).toEqual([]);
  const ledger = await readLedger(operatorDynamo(await baseload().dynamodb(EAST), EAST), TABLES.ledger);
  expect(auditPayments(intents, ledger)).toMatchObject({
    acknowledged: intents.length,
    lost: [],
    doubled: [],
    misnamed: [],
  });
});
