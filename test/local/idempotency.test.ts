// The proof of promise 1 for retries: one key, however often and wherever it is sent, is one payment and one answer.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { TABLES } from '../engine/tables.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const ACCOUNT = 'us_same-key';
const PATH = `/v1/accounts/${ACCOUNT}/payments`;
const [EAST = '', WEST = ''] = baseload.regionNames;

const paymentsOf = async (accountId: string) => {
  const ledger = await readLedger(operatorDynamo(await baseload.dynamodb(EAST), EAST), TABLES.ledger);
  return ledger.filter(({ pk, body }) => pk === accountId && body['type'] === 'PaymentAccepted');
};

/** Of the account, over this amount. */
const paymentsOver = async (amountMinor: number) =>
  (await paymentsOf(ACCOUNT)).filter(({ body }) => body['amountMinor'] === amountMinor);

/** Workers settle other payments meanwhile: their facts come later in a stream. */
const FIRST_FACTS = { sortKeyPrefix: 'p#', sortKeySuffix: '#000' };

describe('one idempotency key', () => {
  let token = '';

  beforeAll(async () => {
    await settled(baseload);
    await openAccounts(baseload, [ACCOUNT, 'us_same-key-2']);
    token = await baseload.token({ accounts: [ACCOUNT, 'us_same-key-2'], scope: 'billing:pay billing:read' });
  }, 120_000);

  test('fired 50 times at once at both Regions: one payment, 50 equal bodies', async () => {
    const body = { amountMinor: 4_200, currency: 'USD', method: 'card' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        baseload.region(n % 2 === 0 ? EAST : WEST, 'POST', PATH, { token, idempotencyKey: 'fifty-at-once', body }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(await paymentsOf(ACCOUNT)).toHaveLength(1);
  }, 60_000);

  test('with another body: 422, and nothing changed', async () => {
    const before = await paymentsOf(ACCOUNT);
    const answer = await baseload.region(WEST, 'POST', PATH, {
      token,
      idempotencyKey: 'fifty-at-once',
      body: { amountMinor: 4_201, currency: 'USD', method: 'card' },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.type).toBe('idempotency-key-reuse');
    expect(await paymentsOf(ACCOUNT)).toEqual(before);
  });

  test('on two accounts and with separators in it: two payments', async () => {
    const body = { amountMinor: 100, currency: 'USD', method: 'card' };
    const key = 'p#pay_#000|us_same-key-2';
    const first = await baseload.api('POST', PATH, { token, idempotencyKey: key, body });
    const second = await baseload.api('POST', '/v1/accounts/us_same-key-2/payments', {
      token,
      idempotencyKey: key,
      body,
    });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.paymentId).not.toBe(second.body.paymentId);
    expect(first.body.paymentId).toMatch(/^pay_[a-z2-7]{52}$/);
    expect(await paymentsOf('us_same-key-2')).toHaveLength(1);
  });

  test('a commit whose answer is lost on its way to the handler: found again, answered as new, replayed elsewhere', async () => {
    const body = { amountMinor: 777, currency: 'USD', method: 'card' };
    const key = { token, idempotencyKey: 'lost-answer-key', body };
    await baseload.fault({ kind: 'lost-answer', region: EAST, count: 1, ...FIRST_FACTS });
    const first = await baseload.region(EAST, 'POST', PATH, key);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    const retried = await baseload.region(WEST, 'POST', PATH, key);
    expect([retried.status, retried.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(retried.body).toEqual(first.body);
    expect(await paymentsOver(777)).toHaveLength(1);
  }, 60_000);

  test('a ledger that never answers: outcome-unknown within the deadline, and the retry is accepted once', async () => {
    const body = { amountMinor: 778, currency: 'USD', method: 'card' };
    const key = { token, idempotencyKey: 'silent-key', body };
    await baseload.fault({ kind: 'silent', region: EAST, count: 50, ...FIRST_FACTS });
    const refused = await baseload.region(EAST, 'POST', PATH, key);
    await baseload.fault({ kind: 'silent', region: EAST, count: 0, ...FIRST_FACTS });
    expect([refused.status, refused.body.type]).toEqual([503, 'outcome-unknown']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await baseload.region(WEST, 'POST', PATH, key)).status).toBe(201);
    expect(await paymentsOver(778)).toHaveLength(1);
  }, 60_000);

  test('a commit that only the witness held when its Region died: the retry in the other Region finds it', async () => {
    const body = { amountMinor: 888, currency: 'USD', method: 'card' };
    await baseload.fault({ kind: 'witness-only', region: EAST, count: 1, ...FIRST_FACTS });
    const paid = await baseload.region(EAST, 'POST', PATH, { token, idempotencyKey: 'witness-only-1', body });
    expect(paid.status).toBe(201);
    await baseload.tell(EAST, 'kill');
    try {
      const retried = await baseload.region(WEST, 'POST', PATH, { token, idempotencyKey: 'witness-only-1', body });
      expect(retried.status).toBe(201);
      expect(retried.headers.get('idempotent-replayed')).toBe('true');
      expect(retried.body).toEqual(paid.body);
    } finally {
      await baseload.tell(EAST, 'start');
    }
    expect(await paymentsOver(888)).toHaveLength(1);
  }, 90_000);

  test('write conflicts through all attempts: refused as safe to retry, and the retry is accepted once', async () => {
    const body = { amountMinor: 999, currency: 'USD', method: 'card' };
    await settled(baseload);
    await baseload.fault({ kind: 'write-conflict', region: EAST, count: 4, ...FIRST_FACTS });
    const refused = await baseload.region(EAST, 'POST', PATH, { token, idempotencyKey: 'conflict-key', body });
    expect([refused.status, refused.body.type]).toEqual([503, 'not-attempted']);
    const accepted = await baseload.region(EAST, 'POST', PATH, { token, idempotencyKey: 'conflict-key', body });
    expect(accepted.status).toBe(201);
    expect(await paymentsOver(999)).toHaveLength(1);
  }, 120_000);
});
