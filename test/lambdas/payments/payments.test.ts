import { beforeEach, describe, expect, test } from '@jest/globals';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { payer } from '../harness/api-event.ts';
import { calls, memoryStores, NOON_MS, type TestRegion, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  await region.call(calls.open('us_b'));
});

const payments = (accountId = 'us_a') =>
  [...(stores.ledger.accounts.get(accountId)?.keys() ?? [])].filter((key) => key.startsWith('p#'));

test('a payment of a test account is accepted and not counted as one of a payer', async () => {
  await region.call(calls.open('us_test-a'));
  await region.call(calls.pay('key-1', 1));
  expect(region.telemetry.counts.get('PaymentsAccepted')).toBe(1);
  expect((await region.call(calls.pay('key-1', 1, {}, 'us_test-a'))).status).toBe(201);
  expect(region.telemetry.counts.get('PaymentsAccepted')).toBe(1);
});

test('a payment is accepted, and the answer says where it is', async () => {
  const answer = await region.call(calls.pay('key-1', 4250));
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    paymentId: 'pay_tlipmlvhu3c32gvx5azpblfjp4z2ip6bmplihprbyngw2xvt57ca',
    accountId: 'us_a',
    amountMinor: 4250,
    currency: 'USD',
    status: 'accepted',
    // One millisecond after the account's opening, which was at noon as well.
    acceptedAt: '2026-11-02T12:00:00.001Z',
    position: answer.headers['Baseload-Position'],
  });
  expect(answer.headers).toEqual({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'Baseload-Region': 'us-east-1',
    'Baseload-Remaining': '999999',
    'Baseload-Position': answer.body.position,
  });
});

describe('a payment applied twice on retry', () => {
  test('the same key and body get the first answer again, byte for byte, in either Region', async () => {
    const first = await region.call(calls.pay('key-1'));
    const other = testRegion(stores, 'us-west-2');
    other.clock.currentMs = NOON_MS + 5_000;
    const again = await other.call(calls.pay('key-1'));
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers['Idempotent-Replayed']).toBe('true');
    expect(again.headers['Baseload-Region']).toBe('us-west-2');
    expect(first.headers['Idempotent-Replayed']).toBeUndefined();
    expect(payments()).toHaveLength(1);
  });

  test('50 at once: one payment, 50 equal bodies', async () => {
    const regions = [region, testRegion(stores, 'us-west-2')];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => regions[n % 2]!.call(calls.pay('key-1'))));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['Idempotent-Replayed'] === undefined)).toHaveLength(1);
    expect(payments()).toHaveLength(1);
  });
});

test('the same key with a different payload replayed silently: it is refused, and nothing changes', async () => {
  await region.call(calls.pay('key-1', 100));
  const other = await region.call(calls.pay('key-1', 200));
  expect([other.status, other.body.type]).toEqual([422, 'idempotency-key-reuse']);
  expect(payments()).toHaveLength(1);
});

test('the idempotency key expired: ten years later it still finds its payment', async () => {
  const first = await region.call(calls.pay('key-1'));
  region.clock.currentMs += 10 * 365 * 86_400_000;
  const again = await region.call(calls.pay('key-1'));
  expect([again.text, again.headers['Idempotent-Replayed']]).toEqual([first.text, 'true']);
  expect(payments()).toHaveLength(1);
});

test('two accounts using the same idempotency key: two payments', async () => {
  const [a, b] = [await region.call(calls.pay('key-1')), await region.call(calls.pay('key-1', 100, {}, 'us_b'))];
  expect([a.status, b.status]).toEqual([201, 201]);
  expect(a.body.paymentId).not.toBe(b.body.paymentId);
});

test('a `#` in a client’s key breaking a prefix query: no text of the key is in the ledger', async () => {
  const keys = ['a#b', 'a', '#', 'p#pay_x#000', 'us_a/payments|1', '%23', 'b#2026-10#000', '~'.repeat(255)];
  for (const key of keys) expect((await region.call(calls.pay(key))).status).toBe(201);
  expect(payments()).toHaveLength(keys.length);
  for (const key of payments()) expect(key).toMatch(/^p#pay_[a-z2-7]{52}#000$/);
});

test.each([undefined, '', 'has space', 'tab\t', 'é', 'x'.repeat(256)])('idempotency key %j is refused', async (key) => {
  const answer = await region.call({ ...calls.pay('x'), headers: key === undefined ? {} : { 'idempotency-key': key } });
  expect(answer.body).toEqual({
    type: 'invalid-request',
    title: 'The request is not valid',
    status: 400,
    detail: 'One field is not valid',
    errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
  });
});

describe('dedupe comes before validation', () => {
  test('what was accepted once is answered again, though it would be refused today', async () => {
    const first = await region.call(calls.pay('key-1', 100));
    // The fact as an earlier version with laxer rules could have stored it: its fingerprint is of a body refused today.
    const lax = { amountMinor: 100, currency: 'USD', method: 'CARD ON FILE' };
    const { fingerprint } = await import('../../../lambdas/domain/fingerprint.ts');
    const { encodeFact } = await import('../../../lambdas/domain/codec.ts');
    const { loadFact } = await import('../../../lambdas/adapters/stored-fact.ts');
    const [key = ''] = payments();
    const account = stores.ledger.accounts.get('us_a')!;
    const stored = account.get(key)!;
    const earlier = { ...loadFact(stored), fingerprint: fingerprint(lax) };
    account.set(key, { ...stored, ...encodeFact(earlier) });
    const again = await region.call(calls.pay('key-1', 0, { body: lax }));
    expect([again.status, again.text, again.headers['Idempotent-Replayed']]).toEqual([201, first.text, 'true']);
  });

  test('an invalid body under a used key is 422, under a free one 400', async () => {
    await region.call(calls.pay('key-1', 100));
    expect((await region.call(calls.pay('key-1', -1))).status).toBe(422);
    expect((await region.call(calls.pay('key-2', -1))).status).toBe(400);
  });
});

describe('refused with the field and the reason, and nothing written', () => {
  const body = { amountMinor: 100, currency: 'USD', method: 'card_on_file' };
  test.each([
    [{ ...body, amountMinor: 0 }, 'amountMinor', 'must be at least 1'],
    [{ ...body, amountMinor: -5 }, 'amountMinor', 'must be at least 1'],
    [{ ...body, amountMinor: 1.5 }, 'amountMinor', 'must be an integer'],
    [{ ...body, amountMinor: '100' }, 'amountMinor', 'must be an integer'],
    [{ ...body, amountMinor: 1_000_000_000_001 }, 'amountMinor', 'must be at most 1000000000000'],
    [{ ...body, amountMinor: 9_007_199_254_740_992 }, 'amountMinor', 'must be an integer'],
    [{ ...body, amountMinor: null }, 'amountMinor', 'must be an integer'],
    [{ ...body, currency: 'XXX' }, 'currency', 'must be a currency of ISO 4217'],
    [{ ...body, currency: 'usd' }, 'currency', 'must be an ISO 4217 code of three capital letters'],
    [{ ...body, currency: 'EUR' }, 'currency', 'The account is in USD, got EUR'],
    [{ ...body, method: 'Card' }, 'method', 'must be 1 to 32 of a-z 0-9 _ -'],
    [{ ...body, method: 'card\u0000' }, 'method', 'must be 1 to 32 of a-z 0-9 _ -'],
    [{ ...body, memo: 'x' }, 'memo', 'is not a field of this request'],
    [{ ...body, 'me mo\u0000': 'x' }, '(unnamed)', 'is not a field of this request'],
    [{ currency: 'USD', method: 'card' }, 'amountMinor', 'must be an integer'],
    [{ amountMinor: 100, currency: 'USD' }, 'method', 'is required'],
    ['[]', 'body', 'expected object, received array'],
    ['"x"', 'body', 'expected object, received string'],
    ['null', 'body', 'expected object, received null'],
    ['{"amountMinor":1,"amountMinor":100,"currency":"USD","method":"card"}', 'body', 'names a field twice'],
    [
      '{"__proto__":{},"amountMinor":100,"currency":"USD","method":"card"}',
      'body',
      'holds a field name that is not allowed',
    ],
    ['{"amountMinor":1e400,"currency":"USD","method":"card"}', 'body', 'holds a number out of range'],
    ['{', 'body', 'is not valid JSON'],
  ])('%j', async (sent, field, message) => {
    const answer = await region.call(calls.pay('key-1', 0, { body: sent }));
    expect([answer.status, answer.body.type, answer.body.errors]).toEqual([
      400,
      'invalid-request',
      [{ field, message }],
    ]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(payments()).toEqual([]);
  });
});

describe('card numbers are refused, and not logged or repeated', () => {
  const CARD = '4111111111111111';
  const body = { amountMinor: 100, currency: 'USD', method: 'card_on_file' };
  test.each([
    ['as a method', { body: { ...body, method: CARD } }, 'method'],
    ['with spaces', { body: { ...body, method: '4111 1111 1111 1111' } }, 'method'],
    ['as an amount', { body: { ...body, amountMinor: Number(CARD) } }, 'amountMinor'],
    ['in an unknown field', { body: { ...body, card: { number: CARD } } }, 'card.number'],
    ['as a field name', { body: { ...body, [CARD]: true } }, '(unnamed)'],
    ['in the key', { headers: { 'idempotency-key': CARD } }, 'Idempotency-Key'],
    ['in a word of the key', { headers: { 'idempotency-key': `order/${CARD}` } }, 'Idempotency-Key'],
  ])('%s', async (_, more, field) => {
    const answer = await region.call(calls.pay('key-1', 100, more));
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, message: 'looks like a card number: send a token of it instead' }]);
    for (const text of [answer.text, region.telemetry.text]) expect(text).not.toMatch(/4111/);
    expect(payments()).toEqual([]);
  });
});

test.each(['47df4974-7062-4442-8286-598062502327', '37d5d39f-2580-4853-9153-4341beb27f00', 'c4111111111111111e'])(
  'a random key that happens to hold the digits of a card is a key: %s',
  async (key) => {
    expect((await region.call(calls.pay(key))).status).toBe(201);
  },
);

describe('checks in the order of the contract', () => {
  const route = calls.pay('key-1', -1);
  const status = async (more: object) => {
    const { status, body } = await region.call({ ...route, ...more });
    return `${status} ${body.type}`;
  };

  test('401 before everything', async () => {
    expect(await status({ claims: null, path: { accountId: '!' } })).toBe('401 unauthorized');
  });
  test('403 scope before the account id', async () => {
    const claims = { scope: 'billing:read', accounts: '[us_a]' };
    expect(await status({ claims, path: { accountId: '!' } })).toBe('403 scope-missing');
  });
  test('400 account id before the jurisdiction', async () => {
    for (const accountId of ['', 'us', 'us_', 'US_a', 'eu_é', 'us_a/b', `us_${'a'.repeat(61)}`, 'eu_a\n']) {
      expect(await status({ claims: payer(), path: { accountId } })).toBe('400 invalid-request');
    }
  });
  test('421 before whose account it is', async () => {
    expect(await status({ claims: payer('us_a'), path: { accountId: 'eu_a' } })).toBe('421 wrong-jurisdiction');
  });
  test('403 account before whether it exists', async () => {
    expect(await status({ claims: payer('us_a'), path: { accountId: 'us_nobody' } })).toBe('403 account-forbidden');
    expect(await status({ claims: { scope: 'billing:pay' } })).toBe('403 account-forbidden');
  });
  test('404 before the body', async () => {
    const claims = payer('us_nobody');
    expect(await status({ claims, path: { accountId: 'us_nobody' } })).toBe('404 account-not-found');
    expect(await status({ claims, path: { accountId: 'us_nobody' }, body: 'x'.repeat(70_000) })).toBe(
      '404 account-not-found',
    );
  });
  test('then the body', async () => {
    expect(await status({ claims: payer('us_a') })).toBe('400 invalid-request');
  });
  test('a payer pays an account of theirs', async () => {
    const { status: paid } = await region.call({ ...calls.pay('key-1'), claims: payer('us_b', 'us_a') });
    expect(paid).toBe(201);
  });
});

describe('the ledger does not answer', () => {
  test.each([
    ['not-attempted', 'throttled', 'LedgerNotAttempted'],
    ['outcome-unknown', 'timeout', 'LedgerOutcomeUnknown'],
  ] as const)('%s is named, with Retry-After', async (outcome, reason, metric) => {
    const ledger = {
      ...stores.ledger,
      readFact: stores.ledger.readFact.bind(stores.ledger),
      append: async () => {
        throw new LedgerUnavailable(outcome, 'secret inside', reason);
      },
    };
    const failing = testRegion({ ...stores, ledger: ledger as never });
    const answer = await failing.call(calls.pay('key-1'));
    expect([answer.status, answer.body.type, answer.headers['Retry-After']]).toEqual([503, outcome, '1']);
    expect(answer.text).not.toContain('secret');
    expect(failing.telemetry.counts.get(metric)).toBe(1);
  });

  test('an error nobody foresaw is a 500 without its insides', async () => {
    const ledger = {
      readFact: stores.ledger.readFact.bind(stores.ledger),
      append: () => Promise.reject(new Error('table arn')),
    };
    const failing = testRegion({ ...stores, ledger: ledger as never });
    const answer = await failing.call(calls.pay('key-1'));
    expect([answer.status, answer.body]).toEqual([
      500,
      {
        type: 'internal-error',
        title: 'Something is wrong on our side',
        status: 500,
        detail: 'Tell us the correlation id request-1',
      },
    ]);
    expect(failing.telemetry.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      correlationId: 'request-1',
      errorName: 'Error',
      errorMessage: 'table arn',
    });
  });
});

test('logs hold no body, key, token or name', async () => {
  await region.call(calls.open('us_c', { name: 'Nora Nobody' }));
  await region.call(calls.pay('secret-key', 4321, { headers: { authorization: 'Bearer abc.def' } }));
  await region.call(calls.pay('secret-key', 4322));
  for (const secret of ['Nora', 'secret-key', '4321', 'Bearer', 'card_on_file'])
    expect(region.telemetry.text).not.toContain(secret);
});

test('a clock more than 2 s behind the account’s opening refuses, and says when to come back', async () => {
  region.clock.currentMs = NOON_MS - 2_001;
  const answer = await region.call(calls.pay('key-1'));
  expect([answer.status, answer.body.type, answer.headers['Retry-After']]).toEqual([503, 'clock-skew', '2']);
  expect(region.telemetry.counts.get('ClockSkewRefusals')).toBe(1);
});
