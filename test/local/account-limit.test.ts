// Owns the proof that one account cannot take a Region's payments for itself, and that being told to wait loses nothing.
// Leaves to test/lambdas/shared/account-limit.test.ts that the limit is exact to within five requests a worker.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ApiAnswer, Harness } from '../../drills/pair/harness.ts';
import { settled } from '../../drills/pair/settled.ts';
import { sharedRun } from './shared-run.ts';

const LOUD = 'us_limit_loud';
const QUIET = 'us_limit_quiet';
/** Of baseload.config.json, and what a window admits at most when the requests fall into two. */
const LIMIT = 50;
const REQUESTS = 300;
const AT_ONCE = 20;

let baseload: Harness;
let token: string;
let region: string;

const pay = (account: string, key: string): Promise<ApiAnswer> =>
  baseload.region(region, 'POST', `/v1/accounts/${account}/payments`, {
    token,
    idempotencyKey: key,
    body: { amountMinor: 100, currency: 'USD', method: 'card' },
  });

beforeAll(async () => {
  baseload = sharedRun();
  await settled(baseload);
  [region = ''] = baseload.regionNames;
  token = await baseload.token({ scope: 'billing:read billing:pay billing:operate' });
  for (const accountId of [LOUD, QUIET]) {
    const body = { accountId, name: 'A. Payer', currency: 'USD', timeZone: 'America/New_York' };
    expect((await baseload.api('POST', '/v1/accounts', { token, body })).status).toBeLessThan(300);
  }
});
afterAll(() => settled(baseload));

test('300 payments at once on one account meet 429 and Retry-After, another account does not, and nothing acknowledged is lost', async () => {
  const keys = Array.from({ length: REQUESTS }, (_, n) => `limit-${n}`);
  const answers = new Map<string, ApiAnswer>();
  const left = keys.values();
  const payNext = async (): Promise<void> => {
    for (const key of left) answers.set(key, await pay(LOUD, key));
  };
  const loud = Promise.all(Array.from({ length: AT_ONCE }, payNext));
  await baseload.waitFor('the first 429', () => [...answers.values()].some(({ status }) => status === 429));
  expect((await pay(QUIET, 'limit-quiet')).status).toBe(201);
  await loud;

  const created = [...answers.values()].filter(({ status }) => status === 201);
  const refused = [...answers.values()].filter(({ status }) => status === 429);
  expect(created.length + refused.length).toBe(REQUESTS);
  expect(created.length).toBeGreaterThanOrEqual(LIMIT);
  for (const { headers, body } of refused) {
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(10);
    expect(body).toMatchObject({ type: 'too-many-requests', status: 429 });
  }

  // What the header says is the condition under test: after that long, and not before it is asked again.
  await pause(Number(refused.at(-1)?.headers.get('retry-after')) * 1000);
  const [again = ''] = keys.filter((key) => answers.get(key)?.status === 429);
  const retried = await pay(LOUD, again);
  expect(retried.status).toBe(201);

  for (const { body } of [...created, retried]) {
    const path = `/v1/accounts/${LOUD}/payments/${body.paymentId}`;
    const headers = { 'baseload-after': String(body.position) };
    const { value } = await baseload.waitFor(`payment ${body.paymentId}`, async () => {
      const found = await baseload.api('GET', path, { token, headers });
      return found.status !== 429 && found;
    });
    expect(value).toMatchObject({ status: 200, body: { paymentId: body.paymentId, amountMinor: 100 } });
  }
}, 120_000);
