import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calls, memoryStores, testRegion } from '../harness/region.ts';

/** What a payment may say, written down once more and apart from the schemas. */
const isPayment = (body: unknown): boolean => {
  if (typeof body !== 'object' || body === null || Object.keys(body).sort().join() !== 'amountMinor,currency,method')
    return false;
  const { amountMinor, currency, method } = body as Record<string, unknown>;
  return (
    Number.isInteger(amountMinor) &&
    Number(amountMinor) >= 1 &&
    Number(amountMinor) <= 1e12 &&
    currency === 'USD' &&
    typeof method === 'string' &&
    /^[a-z0-9_-]{1,32}$/.test(method)
  );
};

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(
    0,
    -1,
    0.1,
    1e12,
    1e12 + 1,
    2 ** 53,
    -0,
    '',
    '\u0000',
    '\ud800',
    '💸',
    null,
    true,
    [],
    {},
    '__proto__',
    'USD',
    'EUR',
    'JPY',
  ),
  fc.double(),
  fc.bigInt().map(String),
  fc.string({ unit: 'binary' }),
);

const body = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(
      {
        amountMinor: fc.oneof(nasty, fc.integer({ min: 1, max: 1e9 })),
        currency: fc.oneof(nasty, fc.constant('USD')),
        method: fc.oneof(nasty, fc.constant('card')),
      },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.oneof(
        fc.string(),
        fc.constantFrom('amountMinor', 'currency', 'method', '__proto__', 'constructor', 'toString'),
      ),
      nasty,
    ),
  },
  { weight: 1, arbitrary: nasty },
);

test('whatever is sent: 201 with one fact for a payment, else a 4xx with none, never a 500', async () => {
  const stores = memoryStores();
  const region = testRegion(stores);
  await region.call(calls.open());
  const facts = () => stores.ledger.accounts.get('us_a')?.size ?? 0;
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        body.map((value) => JSON.stringify(value) ?? ''),
        fc.string({ unit: 'binary' }),
      ),
      async (sent) => {
        const before = facts();
        const answer = await region.call(calls.pay(`key-${before}-${accepted++}`, 0, { body: sent }));
        if (answer.status === 201) {
          expect(isPayment(JSON.parse(sent))).toBe(true);
          expect(facts()).toBe(before + 1);
        } else {
          expect([400, 413, 415]).toContain(answer.status);
          expect(answer.body.errors?.length ?? 1).toBeGreaterThan(0);
          expect(facts()).toBe(before);
        }
      },
    ),
    { numRuns: 2_000, seed: 20_261_102 },
  );
  expect(region.telemetry.counts.get('InternalErrors')).toBeUndefined();
  expect(facts()).toBeGreaterThan(30);
}, 60_000);

test('whatever the headers and the path say: never a 500, and a fact only for a usable key on the account', async () => {
  const stores = memoryStores();
  const region = testRegion(stores);
  await region.call(calls.open());
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('us_a', 'eu_a', 'k#1', 'application/json'),
  );
  await fc.assert(
    fc.asyncProperty(text, text, text, async (accountId, key, type) => {
      const answer = await region.call({
        ...calls.pay(key, 1, { path: { accountId } }),
        headers: { 'idempotency-key': key, 'content-type': type },
      });
      expect([201, 400, 404, 415, 421, 422]).toContain(answer.status);
      if (answer.status === 201) expect([accountId, /^[!-~]{1,255}$/.test(key)]).toEqual(['us_a', true]);
    }),
    { numRuns: 1_000, seed: 20_261_103 },
  );
}, 60_000);

test('an idempotency key of a usual form never looks like a card number', async () => {
  const region = testRegion(memoryStores());
  await region.call(calls.open());
  await fc.assert(
    fc.asyncProperty(fc.uuid(), async (key) => {
      expect((await region.call(calls.pay(key))).status).toBe(201);
    }),
    { numRuns: 500, seed: 20_261_104 },
  );
}, 60_000);
