import { beforeEach, describe, expect, test } from '@jest/globals';
import { type EventLog, LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { payer } from '../harness/api-event.ts';
import { calls, memoryStores, type TestRegion, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  await region.call(calls.open('us_b'));
});

/** A named case, so that its title says what is refused and not how it was sent. */
const refusedCase = ([changes, field, message]: readonly unknown[]) => ({
  changes: changes as object,
  field: String(field),
  message: String(message),
});

const keys = (accountId = 'us_a') => [...(stores.ledger.accounts.get(accountId)?.keys() ?? [])];
const owed = async () => {
  await region.project();
  return (await region.call(calls.look())).body.balanceMinor;
};

test('a payment that is not there is 404 before anything is said of the body', async () => {
  const call = calls.refund('k', `pay_${'a'.repeat(52)}`, 10);
  for (const wrong of [{ body: '{' }, { body: {} }, { headers: {} }, { headers: { 'content-type': 'text/plain' } }]) {
    const answer = await region.call({ ...call, ...wrong });
    expect([answer.status, answer.body.type]).toEqual([404, 'payment-not-found']);
  }
});

describe('opening an account', () => {
  test('once, and the same body again is 200 with the same answer', async () => {
    const first = await region.call(calls.open('us_c'));
    const again = await region.call(calls.open('us_c'));
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text]);
    expect(first.body).toEqual({
      accountId: 'us_c',
      currency: 'USD',
      timeZone: 'America/New_York',
      openedAt: '2026-11-02T12:00:00.000Z',
      position: 'MXx1c19jfGEjMDAw',
    });
  });

  test.each([{ name: 'B. Payer' }, { currency: 'EUR' }, { timeZone: 'Europe/Berlin' }])(
    'another body, %j, is 409',
    async (changes) => {
      const answer = await region.call(calls.open('us_a', changes));
      expect([answer.status, answer.body.type]).toEqual([409, 'account-exists']);
    },
  );

  test.each(
    [
      [{ accountId: 'us_' }, 'accountId', 'must be a jurisdiction, an underscore and 1 to 60 of A-Z a-z 0-9 _ -'],
      [{ name: '' }, 'name', 'must not be empty'],
      [{ name: '  ' }, 'name', 'must not be blank'],
      [{ name: 'a\u0007' }, 'name', 'must not hold control characters'],
      [{ name: 'a\u2028b' }, 'name', 'must not hold control characters'],
      [{ name: '\ud800' }, 'name', 'must not hold control characters'],
      [{ name: 'x'.repeat(201) }, 'name', 'must have at most 200 characters'],
      [{ timeZone: 'Mars/Olympus' }, 'timeZone', 'must be a time zone this runtime knows'],
      [{ timeZone: '+05:00' }, 'timeZone', 'must be a name of the IANA time zone database'],
      [{ currency: 'BTC' }, 'currency', 'must be a currency of ISO 4217'],
      [{ extra: 1 }, 'extra', 'is not a field of this request'],
    ].map(refusedCase),
  )('$field: $message', async ({ changes, field, message }) => {
    const answer = await region.call(calls.open('us_new', changes));
    expect([answer.status, answer.body.errors]).toEqual([400, [{ field, message }]]);
    expect(keys('us_new')).toEqual([]);
    expect(await stores.profiles.get('us_new' as never)).toBeUndefined();
  });

  test('another jurisdiction is 421 before the rest of the body is looked at', async () => {
    const answer = await region.call(calls.open('eu_a', { name: 7 }));
    expect([answer.status, answer.body.type]).toEqual([421, 'wrong-jurisdiction']);
  });

  test('a payer may not', async () => {
    const answer = await region.call({ ...calls.open('us_c'), claims: payer('us_c') });
    expect([answer.status, answer.body.type]).toEqual([403, 'scope-missing']);
  });

  test('an opening that the ledger refused leaves no name behind that would be in the way of the right one', async () => {
    const refusing: EventLog = Object.create(stores.ledger, {
      append: { value: () => Promise.reject(new LedgerUnavailable('not-attempted', 'no quorum', 'refused')) },
    });
    const cutOff = testRegion({ ...stores, ledger: refusing });
    const refused = await cutOff.call(calls.open('us_c', { name: 'A. Typo' }));
    expect([refused.status, refused.body.type]).toEqual([503, 'not-attempted']);
    expect(await stores.profiles.get('us_c' as never)).toBeUndefined();
    expect((await region.call(calls.open('us_c', { name: 'A. Payer' }))).status).toBe(201);
  });

  test('no fact holds the name', async () => {
    await region.call(calls.open('us_c', { name: 'Nora Nobody' }));
    expect(JSON.stringify([...(stores.ledger.accounts.get('us_c') ?? [])])).not.toContain('Nora');
    expect(await stores.profiles.get('us_c' as never)).toEqual({ accountId: 'us_c', name: 'Nora Nobody' });
  });
});

describe('issuing a bill', () => {
  test('the answer is the document', async () => {
    const answer = await region.call(
      calls.bill('k', '2026-10', 0, {
        lines: [
          { description: 'Gas', amountMinor: 900 },
          { description: 'Credit', amountMinor: -100 },
        ],
      }),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      billId: 'bill_2026-10_r1',
      accountId: 'us_a',
      period: '2026-10',
      revision: 1,
      currency: 'USD',
      totalMinor: 800,
      lines: [
        { description: 'Gas', amountMinor: 900 },
        { description: 'Credit', amountMinor: -100 },
      ],
      dueDate: '2026-10-28',
      issuedAt: '2026-11-02T12:00:00.001Z',
      status: 'open',
      position: 'MXx1c19hfGIjMjAyNi0xMCMwMDA',
    });
  });

  test('a bill over 0 is paid: in the answer, again in its replay, and when it is looked up', async () => {
    const lines = [
      { description: 'Gas', amountMinor: 900 },
      { description: 'Credit', amountMinor: -900 },
    ];
    const issue = calls.bill('k', '2026-10', 0, { lines });
    const answer = await region.call(issue);
    expect(answer.body).toMatchObject({ totalMinor: 0, status: 'paid' });
    expect((await region.call(issue)).text).toBe(answer.text);
    await region.project();
    expect((await region.call(calls.look('/bills'))).body.bills).toEqual([answer.body]);
  });

  test('the same key again is the same answer; another key for the period is 409', async () => {
    const first = await region.call(calls.bill('k'));
    const again = await region.call(calls.bill('k'));
    expect([again.status, again.text, again.headers['Idempotent-Replayed']]).toEqual([201, first.text, 'true']);
    const other = await region.call(calls.bill('k2'));
    expect([other.status, other.body.type]).toEqual([409, 'bill-exists']);
  });

  test('the same key with another body is 422, also when the body names another period', async () => {
    await region.call(calls.bill('k'));
    expect((await region.call(calls.bill('k', '2026-10', 2_000))).status).toBe(422);
    expect((await region.call(calls.bill('k', '2026-11'))).status).toBe(422);
    expect((await region.call(calls.bill('k', 'nonsense'))).status).toBe(422);
    expect(keys()).toEqual(['a#000', 'b#2026-10#000']);
  });

  test.each(
    [
      [{ period: '2026-13' }, 'period', 'must be a month, YYYY-MM'],
      [{ dueDate: '2026-02-30' }, 'dueDate', 'must be a real date, YYYY-MM-DD'],
      [{ lines: [] }, 'lines', 'must have at least 1 line'],
      [
        { lines: Array.from({ length: 101 }, () => ({ description: 'x', amountMinor: 1 })) },
        'lines',
        'must have at most 100 lines',
      ],
      [{ lines: [{ description: 'x', amountMinor: -1 }] }, 'lines', 'must not sum to less than 0'],
      [{ lines: [{ description: 'x', amountMinor: 0 }] }, 'lines.0.amountMinor', 'must not be 0'],
      [{ lines: [{ description: '', amountMinor: 1 }] }, 'lines.0.description', 'must not be empty'],
      [{ lines: [{ description: 'x', amountMinor: 1, vat: 1 }] }, 'lines.0.vat', 'is not a field of this request'],
      [{ lines: [null] }, 'lines.0', 'expected object, received null'],
    ].map(refusedCase),
  )('$field: $message', async ({ changes, field, message }) => {
    const answer = await region.call(calls.bill('k', '2026-10', 1, changes));
    expect([answer.status, answer.body.errors]).toEqual([400, [{ field, message }]]);
    expect(keys()).toEqual(['a#000']);
  });
});

describe('refunding a payment', () => {
  let paymentId = '';
  beforeEach(async () => {
    paymentId = (await region.call(calls.pay('p', 100))).body.paymentId;
  });

  test('in part, again under its key, and never more than is left', async () => {
    const first = await region.call(calls.refund('k1', paymentId, 60));
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      paymentId,
      amountMinor: 60,
      reason: 'paid twice',
      accountId: 'us_a',
      currency: 'USD',
      acceptedAt: '2026-11-02T12:00:00.002Z',
      position: first.headers['Baseload-Position'],
    });
    expect((await region.call(calls.refund('k1', paymentId, 60))).headers['Idempotent-Replayed']).toBe('true');
    const tooMuch = await region.call(calls.refund('k2', paymentId, 41));
    expect([tooMuch.status, tooMuch.body.type, tooMuch.body.detail]).toEqual([
      409,
      'refund-exceeds-payment',
      '40 of the payment can be refunded, got 41',
    ]);
    expect(await owed()).toBe(-40);
  });

  test('a repeated refund answered 409 and applied: a refusal writes nothing, a repetition is no refusal', async () => {
    const whole = await region.call(calls.refund('k1', paymentId, 100));
    const again = await region.call(calls.refund('k1', paymentId, 100));
    expect([again.status, again.text]).toEqual([201, whole.text]);
    expect((await region.call(calls.refund('k2', paymentId, 100))).status).toBe(409);
    expect(keys().filter((key) => key.startsWith('p#'))).toHaveLength(2);
    expect(await owed()).toBe(0);
  });

  test('ten at once under ten keys refund the payment once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => region.call(calls.refund(`k${n}`, paymentId, 100))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    expect(await owed()).toBe(0);
  });

  test('of a payment that is not there is 404, before the body', async () => {
    for (const id of ['pay_x', `pay_${'a'.repeat(52)}`]) {
      const answer = await region.call(calls.refund('k', id, -1));
      expect([answer.status, answer.body.type]).toEqual([404, 'payment-not-found']);
    }
  });

  test('of another account’s payment is 404', async () => {
    expect((await region.call(calls.refund('k', paymentId, 1, 'us_b'))).status).toBe(404);
  });
});

test('adjusting: either sign, once per key', async () => {
  const answer = await region.call(calls.adjust('k', -250));
  expect(answer.body).toEqual({
    adjustmentId: expect.stringMatching(/^adj_[a-z2-7]{52}$/),
    amountMinor: -250,
    reason: 'goodwill',
    accountId: 'us_a',
    currency: 'USD',
    acceptedAt: '2026-11-02T12:00:00.001Z',
    position: answer.headers['Baseload-Position'],
  });
  expect((await region.call(calls.adjust('k', -250))).text).toBe(answer.text);
  expect((await region.call(calls.adjust('k', 250))).status).toBe(422);
  expect((await region.call(calls.adjust('k2', 0))).body.errors).toEqual([
    { field: 'amountMinor', message: 'must not be 0' },
  ]);
  expect(await owed()).toBe(-250);
});

describe('reversing', () => {
  test('undoes what is left, once', async () => {
    const paid = await region.call(calls.pay('p', 100));
    await region.call(calls.refund('r', paid.body.paymentId, 30));
    const reversal = await region.call(calls.reverse('k1', paid.body.position));
    expect([reversal.status, reversal.body.amountMinor, reversal.body.reversedPosition]).toEqual([
      201,
      70,
      paid.body.position,
    ]);
    const again = await region.call(calls.reverse('k2', paid.body.position));
    expect([again.status, again.body.type]).toEqual([409, 'already-reversed']);
    expect(await owed()).toBe(0);
  });

  test('the same key for another position is 422', async () => {
    const [one, two] = [await region.call(calls.pay('p1', 100)), await region.call(calls.pay('p2', 100))];
    expect((await region.call(calls.reverse('k', one.body.position))).status).toBe(201);
    expect((await region.call(calls.reverse('k', one.body.position))).headers['Idempotent-Replayed']).toBe('true');
    expect((await region.call(calls.reverse('k', two.body.position))).status).toBe(422);
    expect(await owed()).toBe(-100);
  });

  test('a bill, after which the period can be billed again', async () => {
    const bill = await region.call(calls.bill('b1'));
    expect((await region.call(calls.reverse('k', bill.body.position))).body.amountMinor).toBe(-1_000);
    const next = await region.call(calls.bill('b2', '2026-10', 700));
    expect([next.status, next.body.billId]).toEqual([201, 'bill_2026-10_r2']);
    expect(await owed()).toBe(700);
  });

  test('what cannot be', async () => {
    const paid = await region.call(calls.pay('p', 100));
    const opened = await region.call(calls.open());
    const reversal = await region.call(calls.reverse('k1', paid.body.position));
    const inOther = await region.call(calls.pay('p', 100, {}, 'us_b'));
    const missing = Buffer.from(`1|us_a|x#adj_${'a'.repeat(52)}#000`).toString('base64url');
    const tries: [string, number, string][] = [
      [opened.body.position, 409, 'not-reversible'],
      [reversal.body.position, 409, 'not-reversible'],
      [missing, 404, 'position-not-found'],
      [inOther.body.position, 400, 'invalid-request'],
      ['abc', 400, 'invalid-request'],
    ];
    for (const [position, status, type] of tries) {
      const answer = await region.call(calls.reverse(`k-${position}`.slice(0, 200), position));
      expect([answer.status, answer.body.type]).toEqual([status, type]);
    }
  });
});
