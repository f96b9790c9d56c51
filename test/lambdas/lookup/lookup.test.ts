import { beforeEach, describe, expect, test } from '@jest/globals';
import { payer } from '../harness/api-event.ts';
import { calls, memoryStores, NOON_MS, type TestRegion, testRegion } from '../harness/region.ts';

const HOUR_MS = 3_600_000;
let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

/** Opened at noon; bills of August 1000, September 500, October 700, an hour apart; then a payment of 1200. */
beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  for (const [period, amountMinor] of [
    ['2026-08', 1_000],
    ['2026-09', 500],
    ['2026-10', 700],
  ] as const) {
    region.clock.currentMs += HOUR_MS;
    await region.call(calls.bill(`bill-${period}`, period, amountMinor));
  }
  region.clock.currentMs += HOUR_MS;
  await region.call(calls.pay('pay-1', 1_200));
  await region.project();
});

const look = (below = '', query?: Record<string, string>, headers?: Record<string, string>) =>
  region.call(calls.look(below, { ...(query && { query }), ...(headers && { headers }) }));

describe('account', () => {
  test('what is owed, what is due and by when: payments serve the oldest bills first', async () => {
    expect((await look()).body).toEqual({
      accountId: 'us_a',
      currency: 'USD',
      balanceMinor: 1_000,
      dueMinor: 1_000,
      nextDueDate: '2026-09-28',
      pendingMinor: 1_200,
    });
  });

  test('an overpaid account has nothing due', async () => {
    await region.call(calls.pay('pay-2', 5_000));
    await region.project();
    expect((await look()).body).toMatchObject({ balanceMinor: -4_000, dueMinor: 0, nextDueDate: null });
  });

  test('an account without facts but its opening', async () => {
    await region.call(calls.open('us_b'));
    const expected = {
      accountId: 'us_b',
      currency: 'USD',
      balanceMinor: 0,
      dueMinor: 0,
      nextDueDate: null,
      pendingMinor: 0,
    };
    expect((await region.call(calls.look('', {}, 'us_b'))).body).toEqual(expected);
    await region.project();
    expect((await region.call(calls.look('', {}, 'us_b'))).body).toEqual(expected);
  });

  test('a payer sees their own only', async () => {
    expect((await region.call({ ...calls.look(), claims: payer('us_a') })).status).toBe(200);
    expect((await region.call({ ...calls.look(), claims: payer('us_b') })).body.type).toBe('account-forbidden');
  });
});

test('every lookup says where it came from: the newest fact it names, else the opening of the account', async () => {
  const opening = 'MXx1c19hfGEjMDAw';
  const bill = 'MXx1c19hfGIjMjAyNi0xMCMwMDA';
  const asked = { 'baseload-after': bill };
  expect((await look()).headers['Baseload-Position']).toBe(opening);
  expect((await look('/balance')).headers['Baseload-Position']).toBe(opening);
  expect((await look('/statement', { to: '2026-01-01T00:00:00Z' })).headers['Baseload-Position']).toBe(opening);
  expect((await look('', undefined, asked)).headers['Baseload-Position']).toBe(bill);
  expect((await look('/bills')).headers['Baseload-Position']).toBe(bill);
});

describe('balance', () => {
  const at = (asOf: string) => look('/balance', { asOf });

  test('as of an instant, that instant included', async () => {
    expect((await at('2026-11-02T12:59:59.999Z')).body.balanceMinor).toBe(0);
    expect((await at('2026-11-02T13:00:00Z')).body.balanceMinor).toBe(1_000);
    expect((await at('2026-11-02T15:30:00+01:00')).body).toEqual({
      asOf: '2026-11-02T14:30:00.000Z',
      balanceMinor: 1_500,
      currency: 'USD',
      provisional: true,
    });
  });

  test('now, without a filter in time', async () => {
    expect((await look('/balance')).body).toEqual({
      asOf: '2026-11-02T16:00:00.000Z',
      balanceMinor: 1_000,
      currency: 'USD',
      provisional: true,
    });
  });

  test('provisional until the instant is 60 s old and every own heartbeat of after it has come through', async () => {
    const instantMs = NOON_MS + HOUR_MS;
    const watermarks = async (atMs: number) => {
      for (let key = 0; key < 32; key++) await stores.regionState.advanceWatermark('us-east-1', key, atMs);
    };
    const provisional = async (nowMs: number) => {
      const reader = testRegion(stores);
      reader.clock.currentMs = nowMs;
      return (await reader.call(calls.look('/balance', { query: { asOf: new Date(instantMs).toISOString() } }))).body
        .provisional;
    };
    expect(await provisional(instantMs + 60_000)).toBe(true);
    await watermarks(instantMs - 1);
    expect(await provisional(instantMs + 60_000)).toBe(true);
    await watermarks(instantMs);
    expect(await provisional(instantMs + 59_999)).toBe(true);
    expect(await provisional(instantMs + 60_000)).toBe(false);
  });

  test('before 1970 and after 9999', async () => {
    expect((await at('1900-01-01T00:00:00Z')).body).toMatchObject({
      asOf: '1970-01-01T00:00:00.000Z',
      balanceMinor: 0,
    });
    expect((await at('9999-12-31T23:59:59.999-23:59')).body).toMatchObject({ balanceMinor: 1_000, provisional: true });
  });

  test.each(['yesterday', '2026-11-02', '2026-02-30T00:00:00Z', '1793620800000', '2026-11-02T12:00:00'])(
    '%s is refused',
    async (asOf) => {
      const answer = await at(asOf);
      const message = 'must be an ISO 8601 instant with a zone, such as 2026-10-01T00:00:00Z';
      expect([answer.status, answer.body.errors]).toEqual([400, [{ field: 'asOf', message }]]);
    },
  );
});

describe('statement', () => {
  const lines = (body: { lines: { type: string; amountMinor: number; balanceMinor: number }[] }) =>
    body.lines.map(({ type, amountMinor, balanceMinor }) => [type, amountMinor, balanceMinor]);

  test('oldest first, with the balance after each line', async () => {
    const answer = await look('/statement');
    expect(lines(answer.body)).toEqual([
      ['bill', 1_000, 1_000],
      ['bill', 500, 1_500],
      ['bill', 700, 2_200],
      ['payment', -1_200, 1_000],
    ]);
    expect(answer.body.nextCursor).toBeNull();
    expect(answer.body.lines[0]).toEqual({
      position: 'MXx1c19hfGIjMjAyNi0wOCMwMDA',
      type: 'bill',
      occurredAt: '2026-11-02T13:00:00.000Z',
      amountMinor: 1_000,
      balanceMinor: 1_000,
      description: 'Bill for 2026-08',
      billId: 'bill_2026-08_r1',
    });
    expect(answer.headers['Baseload-Position']).toBe(answer.body.lines[3].position);
  });

  test('from is inclusive, to exclusive, and the balance goes on from before', async () => {
    const answer = await look('/statement', { from: '2026-11-02T14:00:00Z', to: '2026-11-02T16:00:00Z' });
    expect(lines(answer.body)).toEqual([
      ['bill', 500, 1_500],
      ['bill', 700, 2_200],
    ]);
  });

  test('pages of any size say together what one page says, facts of one millisecond too', async () => {
    const payments = Array.from({ length: 7 }, (_, n) => calls.pay(`burst-${n}`, 10 + n));
    for (const payment of payments) await region.call(payment);
    await region.project();
    const whole = (await look('/statement')).body.lines;
    expect(whole).toHaveLength(11);
    for (const limit of [1, 2, 3, 5, 10, 11]) {
      const paged: object[] = [];
      let query: Record<string, string> = { limit: String(limit) };
      for (;;) {
        const { body } = await look('/statement', query);
        paged.push(...body.lines);
        if (body.nextCursor === null) break;
        query = { limit: String(limit), cursor: body.nextCursor };
      }
      expect(paged).toEqual(whole);
    }
  });

  test('a cursor is worth the same in the other Region, and nothing elsewhere', async () => {
    const { nextCursor } = (await look('/statement', { limit: '3' })).body;
    const otherStores = { ...memoryStores(), ledger: stores.ledger };
    const other = testRegion(otherStores, 'us-west-2');
    await other.project();
    const next = await other.call(calls.look('/statement', { query: { limit: '3', cursor: nextCursor } }));
    expect(lines(next.body)).toEqual([['payment', -1_200, 1_000]]);

    await region.call(calls.open('us_b'));
    const errors = [{ field: 'cursor', message: 'must be the nextCursor of a page with the same parameters' }];
    const forged = Buffer.from('1|statement|us_a|0|999999999999999|x|b#2026-08#000').toString('base64url');
    for (const [accountId, query] of [
      ['us_b', { cursor: nextCursor }],
      ['us_a', { cursor: nextCursor, from: '2026-11-02T14:00:00Z' }],
      ['us_a', { cursor: `${nextCursor}A` }],
      ['us_a', { cursor: 'x' }],
      ['us_a', { cursor: forged }],
    ] as const) {
      const answer = await region.call(calls.look('/statement', { query }, accountId));
      expect([answer.status, answer.body.errors]).toEqual([400, errors]);
    }
  });

  test.each([
    [{ limit: '0' }, 'limit', 'must be an integer from 1 to 200'],
    [{ limit: '201' }, 'limit', 'must be an integer from 1 to 200'],
    [{ limit: '1e2' }, 'limit', 'must be an integer from 1 to 200'],
    [{ from: '2026-11-03T00:00:00Z', to: '2026-11-02T00:00:00Z' }, 'to', 'must not be before from'],
    [{ form: '2026-11-03T00:00:00Z' }, 'form', 'is not a field of this request'],
  ])('%j is refused', async (query, field, message) => {
    const answer = await look('/statement', query);
    expect([answer.status, answer.body.errors]).toEqual([400, [{ field, message }]]);
  });
});

describe('bills', () => {
  const bill = (billId: string, headers: Record<string, string> = {}) =>
    region.call(calls.look('/bills/{billId}', { path: { billId }, headers }));
  const statuses = (body: { bills: { billId: string; status: string }[] }) =>
    body.bills.map(({ billId, status }) => `${billId} ${status}`);

  test('newest period first, each with its status', async () => {
    const answer = await look('/bills');
    expect(statuses(answer.body)).toEqual(['bill_2026-10_r1 open', 'bill_2026-09_r1 open', 'bill_2026-08_r1 paid']);
    expect(answer.body.bills[2]).toEqual((await bill('bill_2026-08_r1')).body);
  });

  test('in pages', async () => {
    const first = await look('/bills', { limit: '2' });
    const second = await look('/bills', { limit: '2', cursor: first.body.nextCursor });
    expect([...statuses(first.body), ...statuses(second.body)]).toEqual(statuses((await look('/bills')).body));
    expect(second.body.nextCursor).toBeNull();
  });

  test('the issued document, credited and issued anew', async () => {
    const issued = await bill('bill_2026-10_r1');
    await region.call(calls.reverse('r', issued.body.position));
    await region.call(calls.bill('again', '2026-10', 650));
    await region.project();
    expect((await bill('bill_2026-10_r1')).body).toEqual({ ...issued.body, status: 'credited' });
    expect((await bill('bill_2026-10_r2')).body).toMatchObject({ totalMinor: 650, status: 'open', revision: 2 });
    expect(statuses((await look('/bills')).body).slice(0, 2)).toEqual([
      'bill_2026-10_r2 open',
      'bill_2026-10_r1 credited',
    ]);
  });

  test('a strong ETag over what is served; 304 on a match; another one when the status changes', async () => {
    const first = await bill('bill_2026-09_r1');
    const etag = first.headers.ETag ?? '';
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await bill('bill_2026-09_r1', { 'if-none-match': sent });
      expect([again.status, again.text, again.headers.ETag]).toEqual([304, '', etag]);
    }
    await region.call(calls.pay('pay-2', 300));
    await region.project();
    const paid = await bill('bill_2026-09_r1', { 'if-none-match': etag });
    expect([paid.status, paid.body.status]).toEqual([200, 'paid']);
    expect(paid.headers.ETag).not.toBe(etag);
  });

  test.each(['bill_2026-10_r2', 'bill_2026-11_r1', 'bill_2026-13_r1', 'x'])('%s is 404', async (billId) => {
    const answer = await bill(billId);
    expect([answer.status, answer.body.type]).toEqual([404, 'bill-not-found']);
  });
});

describe('payment', () => {
  const payment = (paymentId: string) => region.call(calls.look('/payments/{paymentId}', { path: { paymentId } }));

  test('its status, refunds and what is left', async () => {
    const { paymentId } = (await region.call(calls.pay('pay-1', 1_200))).body;
    const refund = await region.call(calls.refund('r', paymentId, 200));
    await region.project();
    const answer = await payment(paymentId);
    expect(answer.body).toEqual({
      paymentId,
      accountId: 'us_a',
      amountMinor: 1_200,
      currency: 'USD',
      method: 'card_on_file',
      status: 'accepted',
      acceptedAt: '2026-11-02T16:00:00.000Z',
      refundedMinor: 200,
      remainingMinor: 1_000,
      refunds: [
        {
          amountMinor: 200,
          reason: 'paid twice',
          reversed: false,
          status: 'accepted',
          refundedAt: '2026-11-02T16:00:00.001Z',
          position: refund.body.position,
        },
      ],
      position: expect.any(String),
    });
    expect(answer.headers['Baseload-Position']).toBe(refund.body.position);
  });

  test('not in the view yet is not the same as not there', async () => {
    const { paymentId } = (await region.call(calls.pay('late', 7))).body;
    expect((await payment(paymentId)).body).toMatchObject({ amountMinor: 7 });
    expect((await payment(`pay_${'a'.repeat(52)}`)).body.type).toBe('payment-not-found');
    expect((await payment('pay_1')).body.type).toBe('payment-not-found');
  });
});

test('a lookup says where it came from and how old it may be', async () => {
  for (let key = 0; key < 32; key++) {
    await stores.regionState.advanceWatermark('us-east-1', key, NOON_MS + 4 * HOUR_MS - 5_000 + key);
    // A peer that died long ago must not make it grow.
    await stores.regionState.advanceWatermark('us-west-2', key, NOON_MS);
  }
  expect((await look()).headers).toMatchObject({ 'Baseload-Region': 'us-east-1', 'Baseload-Staleness-Ms': '5000' });
});
