// The proof of promise 2 for payers with the client: a Region that dies or is cut off costs under two seconds, each payment is made once, and
// a payer sees what they have paid, in either Region.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BillingClient, type BillingClientOptions } from '../../client/src/index.ts';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { TABLES } from '../engine/tables.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames;
const urlOf = (region: string) => baseload.ready.regions[region] ?? '';

const OWN = 'us_client-own-writes';
const WARM_UP = 'us_client-warm-up';
/** Enough of them that no account comes to its limit of payments in ten seconds. */
const accountsOf = (fault: string) => Array.from({ length: 10 }, (_, n) => `us_client-${fault}-${n}`);
let token = '';

const clientOf = (regions: readonly string[], options: Partial<BillingClientOptions> = {}) =>
  new BillingClient({ regions: regions.map(urlOf), token, ...options });

beforeAll(async () => {
  await settled(baseload);
  const accounts = [OWN, WARM_UP, ...accountsOf('kill'), ...accountsOf('isolate')];
  await openAccounts(baseload, accounts);
  token = await baseload.token({ accounts, scope: 'billing:pay billing:read' });
  // Functions that have never run start slowly; that a Region serves already is what both Regions in use are for.
  for (const region of [EAST, WEST]) {
    await clientOf([region]).pay(WARM_UP, { amountMinor: 1, currency: 'USD', method: 'card' });
    await clientOf([region]).account(WARM_UP);
  }
}, 120_000);

afterAll(() => settled(baseload), 120_000);

test('what was paid in one Region is in every lookup of the other, at once', async () => {
  const payer = clientOf([EAST, WEST], {
    // Payments go to the first Region, and every lookup after them to the second.
    fetch: (input, init) =>
      fetch(init?.method === 'GET' ? String(input).replace(urlOf(EAST), urlOf(WEST)) : input, init),
  });
  const balances = [];
  for (let payment = 1; payment <= 5; payment++) {
    const { paymentId } = await payer.pay(OWN, { amountMinor: 100, currency: 'USD', method: 'card' });
    balances.push((await payer.account(OWN)).balanceMinor);
    expect((await payer.payment(OWN, paymentId)).amountMinor).toBe(100);
  }
  expect(balances).toEqual([-100, -200, -300, -400, -500]);
  const lines = [];
  for await (const { balanceMinor } of payer.statementLines(OWN, { limit: 2 })) lines.push(balanceMinor);
  expect(lines).toEqual([-100, -200, -300, -400, -500]);
}, 60_000);

/** Four payers pay one after the other, before `fault`, while it comes and after. In milliseconds: the longest before it, and each. */
const payThrough = async (accounts: readonly string[], fault: () => Promise<void>) => {
  const payer = clientOf([EAST, WEST]);
  const tookMs: number[] = [];
  let started = 0;
  let faultIsOver = false;
  const payers = Array.from({ length: 4 }, async () => {
    for (let left = 4; left > 0; left -= faultIsOver ? 1 : 0) {
      const startedMs = performance.now();
      await payer.pay(accounts[started++ % accounts.length]!, { amountMinor: 1, currency: 'USD', method: 'card' });
      tookMs.push(performance.now() - startedMs);
    }
  });
  await baseload.waitFor('some payments are made', () => tookMs.length >= 4);
  const beforeMs = Math.max(...tookMs);
  await fault();
  faultIsOver = true;
  await Promise.all(payers);
  return { beforeMs, tookMs };
};

const paymentsOf = async (accounts: readonly string[]): Promise<number> => {
  const ledger = await readLedger(operatorDynamo(await baseload.dynamodb(WEST), WEST), TABLES.ledger);
  return ledger.filter(({ pk, body }) => accounts.includes(pk) && body['type'] === 'PaymentAccepted').length;
};

test.each([
  ['killed', 'kill'],
  ['cut off from the quorum', 'isolate'],
] as const)(
  'a Region %s: it costs no payment two seconds, none fails, each is made once',
  async (_, action) => {
    await settled(baseload);
    const accounts = accountsOf(action);
    const { beforeMs, tookMs } = await payThrough(accounts, () => baseload.tell(EAST, action));
    // What a payment takes here without any fault is this machine's, and no cost of a lost Region.
    expect(Math.max(...tookMs) - beforeMs).toBeLessThan(2_000);
    expect(await paymentsOf(accounts)).toBe(tookMs.length);
  },
  180_000,
);
