// Shows what becomes of lookups: asked twice when the first Region takes long, within a budget; pages; bills that have not changed.
import { describe, expect, test } from '@jest/globals';
import { Refused, Unavailable } from '../../client/src/index.ts';
import { answers, type FakeRegion, gatewayAnswers, hangs, held, problem, resets } from './fake-region.ts';
import { ACCOUNT, accepts, eachTestItsPair, failureOf, OWED, PAYMENT, tellsAccount } from './two-regions.ts';

const pair = eachTestItsPair();

const LINE = {
  position: 'MXx1c18xMDAxfGEjMDAw',
  type: 'bill',
  occurredAt: '2026-11-01T00:00:00.000Z',
  amountMinor: 7_000,
  balanceMinor: 7_000,
  description: 'Bill for 2026-10',
  billId: 'bill_2026-10_r1',
};

const BILL = {
  accountId: ACCOUNT,
  billId: 'bill_2026-10_r1',
  period: '2026-10',
  revision: 1,
  currency: 'USD',
  totalMinor: 7_000,
  lines: [{ description: 'Energy, 412 kWh', amountMinor: 7_000 }],
  dueDate: '2026-11-15',
  issuedAt: '2026-11-01T00:00:00.000Z',
  position: 'MXx1c18xMDAxfGEjMDAw',
  status: 'open',
};

const pathsOf = ({ received }: FakeRegion) => received.map(({ method, path }) => `${method} ${path}`);

test('every lookup asks for its route with its parameters, and gives back what came', async () => {
  const { client, east } = pair;
  east.does(
    answers(200, OWED),
    answers(200, { asOf: '2026-11-01T00:00:00.000Z', balanceMinor: -5, currency: 'USD', provisional: false }),
    answers(200, { lines: [LINE], nextCursor: null }),
    answers(200, { bills: [BILL], nextCursor: 'older' }),
    answers(200, BILL),
    answers(200, { period: '2026-11', totalMinor: 1, currency: 'USD', lines: [], usageWh: 2, quality: 'estimated' }),
    answers(200, { ...PAID, refunds: [] }),
  );
  expect(await client.account(ACCOUNT)).toEqual(OWED);
  const asOf = new Date('2026-11-01T00:00:00Z');
  expect((await client.balance(ACCOUNT, { asOf })).balanceMinor).toBe(-5);
  const page = await client.statement(ACCOUNT, { from: asOf, to: '2026-12-01T00:00:00+01:00', limit: 200 });
  expect(page).toEqual({ lines: [LINE], nextCursor: null });
  expect(await client.bills(ACCOUNT, { limit: 1, cursor: 'a/b+c' })).toEqual({ bills: [BILL], nextCursor: 'older' });
  expect(await client.bill(ACCOUNT, 'bill_2026-10_r1')).toEqual(BILL);
  expect((await client.billPreview(ACCOUNT, '2026-11')).quality).toBe('estimated');
  expect((await client.payment(ACCOUNT, PAID.paymentId)).status).toBe('settled');
  expect(pathsOf(east)).toEqual([
    'GET /v1/accounts/us_1001',
    'GET /v1/accounts/us_1001/balance?asOf=2026-11-01T00%3A00%3A00.000Z',
    'GET /v1/accounts/us_1001/statement?from=2026-11-01T00%3A00%3A00.000Z&to=2026-12-01T00%3A00%3A00%2B01%3A00&limit=200',
    'GET /v1/accounts/us_1001/bills?limit=1&cursor=a%2Fb%2Bc',
    'GET /v1/accounts/us_1001/bills/bill_2026-10_r1',
    'GET /v1/accounts/us_1001/bills/preview?period=2026-11',
    `GET /v1/accounts/us_1001/payments/${PAID.paymentId}`,
  ]);
});

const PAID = {
  paymentId: `pay_${'a'.repeat(52)}`,
  accountId: ACCOUNT,
  amountMinor: 4_250,
  currency: 'USD',
  acceptedAt: '2026-11-01T09:30:00.000Z',
  position: 'MXx1c18xMDAxfHAjcGF5XzAjMDAw',
  method: 'card_on_file',
  status: 'settled',
  refundedMinor: 0,
  remainingMinor: 4_250,
};

test('statementLines goes through all pages, and asks for the next only when it is wanted', async () => {
  pair.east.does(
    answers(200, { lines: [LINE, { ...LINE, description: 'second' }], nextCursor: 'p2' }),
    answers(200, { lines: [{ ...LINE, description: 'third' }], nextCursor: null }),
  );
  const lines = pair.client.statementLines(ACCOUNT, { limit: 2 });
  expect((await lines.next()).value).toEqual(LINE);
  expect((await lines.next()).value).toMatchObject({ description: 'second' });
  expect(pair.east.received).toHaveLength(1);
  expect((await lines.next()).value).toMatchObject({ description: 'third' });
  expect((await lines.next()).done).toBe(true);
  expect(pathsOf(pair.east)).toEqual([
    'GET /v1/accounts/us_1001/statement?limit=2',
    'GET /v1/accounts/us_1001/statement?limit=2&cursor=p2',
  ]);
});

describe('a bill', () => {
  test('that has not changed is asked for with its ETag, and not sent again', async () => {
    pair.east.does(answers(200, BILL, { etag: '"one"' }), (response) => void response.writeHead(304).end());
    const first = await pair.client.bill(ACCOUNT, BILL.billId);
    expect(await pair.client.bill(ACCOUNT, BILL.billId)).toEqual(first);
    expect(pair.east.received.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"']);
  });

  test('is kept with 49 others: the one that was asked for longest ago goes first', async () => {
    const idsOf = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => `bill_2026-10_r${from + n}`);
    pair.east.does(answers(200, BILL, { etag: '"one"' }));
    for (const billId of idsOf(0, 51)) await pair.client.bill(ACCOUNT, billId);
    const before = pair.east.received.length;
    for (const billId of ['bill_2026-10_r1', 'bill_2026-10_r0']) await pair.client.bill(ACCOUNT, billId);
    const etags = pair.east.received.slice(before).map(({ headers }) => headers['if-none-match']);
    expect(etags).toEqual(['"one"', undefined]);
  });

  test('that nobody has: 304 is no answer, the other Region is asked', async () => {
    pair.east.does((response) => void response.writeHead(304).end());
    pair.west.does(answers(200, BILL));
    expect(await pair.client.bill(ACCOUNT, BILL.billId)).toEqual(BILL);
  });
});

describe('hedging', () => {
  test('asks the other Region as well after hedgeAfterMs; the loser is ended and stands behind', async () => {
    pair.east.does(hangs);
    pair.west.does(tellsAccount);
    const owed = pair.client.account(ACCOUNT);
    await pair.east.hasReceived(1);
    pair.clock.advance(299);
    expect(pair.clock.hasTimerNow(1)).toBe(true);
    pair.clock.advance(1);
    expect(await owed).toEqual(OWED);
    await pair.east.received[0]?.closed;
    await pair.client.account(ACCOUNT);
    expect([pair.east.received.length, pair.west.received.length]).toEqual([1, 2]);
  });

  test('takes the first answer also when it is that of the first Region', async () => {
    const late = held(tellsAccount);
    pair.east.does(late.behaviour);
    pair.west.does(hangs);
    const owed = pair.client.account(ACCOUNT);
    await pair.east.hasReceived(1);
    pair.clock.advance(300);
    await pair.west.hasReceived(1);
    late.release();
    expect(await owed).toEqual(OWED);
  });

  test('never asks twice for a payment before attemptMs', async () => {
    const late = held(accepts);
    pair.east.does(late.behaviour);
    const receipt = pair.client.pay(ACCOUNT, PAYMENT);
    await pair.east.hasReceived(1);
    pair.clock.advance(999);
    expect(pair.clock.hasTimerNow(1)).toBe(true);
    late.release();
    await receipt;
    expect(pair.west.received).toEqual([]);
  });

  test('has a budget: ten at once, then one in ten lookups', async () => {
    let hedged = 0;
    for (let lookup = 0; lookup < 30; lookup++) {
      const late = held(tellsAccount);
      pair.east.does(late.behaviour);
      pair.west.does(hangs);
      const owed = pair.client.account(ACCOUNT);
      await pair.east.hasReceived(lookup + 1);
      pair.clock.advance(300);
      // A hedge that was not sent by now would be sent 700 ms later.
      if (!pair.clock.hasTimerNow(700)) {
        hedged += 1;
        await pair.west.hasReceived(hedged);
      }
      late.release();
      await owed;
    }
    expect([hedged, pair.west.received.length]).toEqual([12, 12]);
  });

  test('does not ask a Region that stands behind', async () => {
    pair.east.does(resets);
    pair.west.does(tellsAccount);
    await pair.client.account(ACCOUNT);
    const late = held(tellsAccount);
    pair.west.does(late.behaviour);
    const owed = pair.client.account(ACCOUNT);
    await pair.west.hasReceived(2);
    pair.clock.advance(999);
    expect(pair.clock.hasTimerNow(1)).toBe(true);
    late.release();
    await owed;
    expect(pair.east.received).toHaveLength(1);
  });
});

describe('a Region that failed', () => {
  test('stands behind the other for 5 s, then one call finds out whether it is back; each further failure doubles that', async () => {
    const askedEast = async () => {
      const before = pair.east.received.length;
      await pair.client.account(ACCOUNT);
      return pair.east.received.length > before;
    };
    pair.west.does(tellsAccount);
    pair.east.does(resets);
    expect(await askedEast()).toBe(true);
    pair.clock.advance(4_999);
    expect(await askedEast()).toBe(false);
    pair.clock.advance(1);
    expect(await askedEast()).toBe(true);
    pair.clock.advance(9_999);
    expect(await askedEast()).toBe(false);
    pair.clock.advance(1);
    pair.east.does(tellsAccount);
    expect(await askedEast()).toBe(true);
    expect(await askedEast()).toBe(true);
  });

  test('is asked by one of many calls only when its time has passed', async () => {
    pair.west.does(tellsAccount);
    pair.east.does(resets);
    await pair.client.account(ACCOUNT);
    pair.clock.advance(5_000);
    const probe = held(tellsAccount);
    pair.east.does(probe.behaviour);
    const all = Promise.all(Array.from({ length: 20 }, () => pair.client.account(ACCOUNT)));
    await pair.east.hasReceived(2);
    await pair.west.hasReceived(20);
    probe.release();
    await all;
    expect([pair.east.received.length, pair.west.received.length]).toEqual([2, 20]);
  });

  test('under many calls at once has failed once, not as often as there were calls', async () => {
    pair.west.does(tellsAccount);
    pair.east.does(resets);
    await Promise.all(Array.from({ length: 20 }, () => pair.client.account(ACCOUNT)));
    expect(pair.east.received).toHaveLength(20);
    pair.clock.advance(5_000);
    await pair.client.account(ACCOUNT);
    expect(pair.east.received).toHaveLength(21);
  });
});

describe('refusals', () => {
  test('with a problem document have its slug, detail and fields; nobody else is asked', async () => {
    const errors = [{ field: 'cursor', message: 'must be the nextCursor of a page with the same parameters' }];
    const body = {
      type: 'invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'One field',
      errors,
    };
    pair.east.does(answers(400, body));
    const refused = (await failureOf(pair.client.statement(ACCOUNT, { cursor: 'x' }))) as Refused;
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({
      kind: 'refused',
      status: 400,
      type: 'invalid-request',
      title: 'The request is not valid',
      detail: 'One field',
      errors,
      region: pair.east.url,
      idempotencyKey: undefined,
    });
    expect(refused.message).toBe(
      'refused with 400 invalid-request: cursor must be the nextCursor of a page with the same parameters',
    );
    expect(pair.west.received).toEqual([]);
  });

  test("of API Gateway keep AWS's body and have no slug", async () => {
    pair.east.does(gatewayAnswers(401, 'Unauthorized'));
    const refused = (await failureOf(pair.client.account(ACCOUNT))) as Refused;
    expect([refused.status, refused.type, refused.body]).toEqual([401, undefined, '{"message":"Unauthorized"}']);
    expect(refused.message).toBe('refused with 401: {"message":"Unauthorized"}');
  });

  test('whose problem document tells another status, or is none, are told by their status alone', async () => {
    const lie = { type: 'account-not-found', title: 'No', status: 404, detail: 'No' };
    const halfProblem = { type: 7 };
    pair.east.does(answers(403, lie), answers(403, halfProblem));
    for (let refusal = 0; refusal < 2; refusal++) {
      expect(await failureOf(pair.client.account(ACCOUNT))).toMatchObject({ status: 403, type: undefined });
    }
  });

  test('429 of API Gateway, without Retry-After, is tried again with backoff in the same Region', async () => {
    const client = pair.clientWith({ random: () => 0.5 });
    pair.east.does(gatewayAnswers(429, 'Too Many Requests'), tellsAccount);
    const owed = client.account(ACCOUNT);
    await pair.clock.hasTimerIn(50);
    pair.clock.advance(50);
    expect(await owed).toEqual(OWED);
    expect(pair.west.received).toEqual([]);
  });
});

test('no Region answers until the deadline: Unavailable, with what each of them did', async () => {
  pair.east.does(problem(503, 'view-unavailable', { 'retry-after': '20' }));
  pair.west.does(hangs);
  const failure = failureOf(pair.client.account(ACCOUNT));
  await pair.west.hasReceived(1);
  pair.clock.advance(10_000);
  expect(await failure).toBeInstanceOf(Unavailable);
  expect(((await failure) as Unavailable).attempts).toEqual([
    { region: pair.east.url, reason: '503 view-unavailable' },
    { region: pair.west.url, reason: 'no answer in 10000 ms' },
  ]);
});

test('the caller ends a lookup: the reason of the signal', async () => {
  pair.east.does(hangs);
  const abort = new AbortController();
  const failure = failureOf(pair.client.account(ACCOUNT, { signal: abort.signal }));
  await pair.east.hasReceived(1);
  abort.abort(new Error('the page was left'));
  expect(await failure).toEqual(new Error('the page was left'));
});

test("another payer's account is no answer: the other Region is asked", async () => {
  pair.east.does(answers(200, { ...OWED, accountId: 'us_1002' }));
  pair.west.does(tellsAccount);
  expect(await pair.client.account(ACCOUNT)).toEqual(OWED);
});

test('words and fields of a newer server are let through', async () => {
  const newer = { ...LINE, type: 'late-fee', waivable: true };
  pair.east.does(answers(200, { lines: [newer], nextCursor: null }));
  expect((await pair.client.statement(ACCOUNT)).lines).toEqual([newer]);
});
