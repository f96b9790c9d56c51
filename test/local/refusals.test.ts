// The proof that what is refused is refused in the contract's order, clearly, and leaves nothing behind.
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openAccounts } from '../../drills/auditor/auditor.ts';
import type { ApiAnswer, ApiRequest } from '../../drills/pair/harness.ts';
import { settled } from '../../drills/pair/settled.ts';
import { arbitraryOf, type JsonSchema } from './json-schema-arbitrary.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const ACCOUNT = 'us_refused';
const OTHER = 'us_somebody-else';
const PAYMENTS = `/v1/accounts/${ACCOUNT}/payments`;
/** Fixed, so that a run is like the last one; any other finds what this one does not. */
const SEED = Number(process.env['BASELOAD_FUZZ_SEED'] ?? 20_261_121);
const GOOD = { amountMinor: 100, currency: 'USD', method: 'card' };

describe('refusals', () => {
  let token = '';
  let facts = 0;
  const factCount = async () => (await baseload.state()).facts.total;
  const pay = (request: ApiRequest, path = PAYMENTS) =>
    baseload.api('POST', path, { idempotencyKey: 'refused', body: GOOD, ...request });

  beforeAll(async () => {
    await settled(baseload);
    await openAccounts(baseload, [ACCOUNT, OTHER]);
    token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay billing:read' });
    facts = await factCount();
  }, 120_000);

  describe('who asks, in the order of the contract', () => {
    test.each<[string, () => Promise<ApiRequest>, string, number, unknown]>([
      ['no token', async () => ({}), PAYMENTS, 401, { message: 'Unauthorized' }],
      ['a token of nobody', async () => ({ token: 'a.b.c' }), PAYMENTS, 401, { message: 'Unauthorized' }],
      [
        'an expired token',
        async () => ({ token: await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay', ttlSeconds: -60 }) }),
        PAYMENTS,
        401,
        { message: 'Unauthorized' },
      ],
      [
        'a token for another audience',
        async () => ({
          token: await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay', audience: 'elsewhere' }),
        }),
        PAYMENTS,
        401,
        { message: 'Unauthorized' },
      ],
      [
        'a token that may only read',
        async () => ({ token: await baseload.token({ accounts: [ACCOUNT], scope: 'billing:read' }) }),
        PAYMENTS,
        403,
        { message: 'Forbidden' },
      ],
      [
        'a malformed account id',
        async () => ({ token }),
        '/v1/accounts/US%23x/payments',
        400,
        expect.objectContaining({ type: 'invalid-request' }),
      ],
      [
        'an account of another jurisdiction',
        async () => ({ token }),
        '/v1/accounts/eu_refused/payments',
        421,
        expect.objectContaining({ type: 'wrong-jurisdiction' }),
      ],
      [
        "somebody else's account",
        async () => ({ token }),
        `/v1/accounts/${OTHER}/payments`,
        403,
        expect.objectContaining({ type: 'account-forbidden' }),
      ],
      [
        'a token that names no account',
        async () => ({ token: await baseload.token({ scope: 'billing:pay' }) }),
        PAYMENTS,
        403,
        expect.objectContaining({ type: 'account-forbidden' }),
      ],
      [
        'an account that does not exist, before its body is looked at',
        async () => ({ token: await baseload.token({ accounts: ['us_nobody'], scope: 'billing:pay' }), body: '{' }),
        '/v1/accounts/us_nobody/payments',
        404,
        expect.objectContaining({ type: 'account-not-found' }),
      ],
    ])('%s', async (_name, request, path, status, body) => {
      const answer = await pay(await request(), path);
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(await factCount()).toBe(facts);
    });
  });

  describe('what is asked', () => {
    const body = (over: Record<string, unknown>) => ({ ...GOOD, ...over });
    test.each<[string, unknown, number, string]>([
      ['malformed JSON', '{"amountMinor":', 400, 'invalid-request'],
      ['no object', '[]', 400, 'invalid-request'],
      ['over 64 KiB', JSON.stringify(body({ method: 'x'.repeat(70_000) })), 413, 'body-too-large'],
      ['a negative amount', body({ amountMinor: -1 }), 400, 'invalid-request'],
      ['zero', body({ amountMinor: 0 }), 400, 'invalid-request'],
      ['a fraction', body({ amountMinor: 1.5 }), 400, 'invalid-request'],
      ['more than 10^12', body({ amountMinor: 1_000_000_000_001 }), 400, 'invalid-request'],
      [
        'more than a safe integer',
        '{"amountMinor":9007199254740993,"currency":"USD","method":"card"}',
        400,
        'invalid-request',
      ],
      ['an overflowing exponent', '{"amountMinor":1e400,"currency":"USD","method":"card"}', 400, 'invalid-request'],
      ['an amount as text', body({ amountMinor: '100' }), 400, 'invalid-request'],
      ['an unknown currency', body({ currency: 'XYZ' }), 400, 'invalid-request'],
      ["another currency than the account's", body({ currency: 'EUR' }), 400, 'invalid-request'],
      ['an unknown field', body({ note: 'x' }), 400, 'invalid-request'],
      ['a control character', body({ method: 'ca\u0000rd' }), 400, 'invalid-request'],
      [
        '__proto__',
        '{"amountMinor":100,"currency":"USD","method":"card","__proto__":{"amountMinor":1}}',
        400,
        'invalid-request',
      ],
      ['a card number', body({ method: '4111111111111111' }), 400, 'invalid-request'],
      ['a card number in an unknown field', body({ pan: '5555-5555-5555-4444' }), 400, 'invalid-request'],
    ])('%s', async (_name, sent, status, type) => {
      const answer = await pay({ token, body: sent });
      expect([answer.status, answer.body.type]).toEqual([status, type]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(JSON.stringify(answer.body)).not.toMatch(/4111111111111111|5555-5555/);
      expect(await factCount()).toBe(facts);
    });

    test('no idempotency key', async () => {
      const answer = await baseload.api('POST', PAYMENTS, { token, body: GOOD });
      expect([answer.status, answer.body.type]).toEqual([400, 'invalid-request']);
      expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'Idempotency-Key' })]);
    });

    test('another content type', async () => {
      const answer = await pay({ token, headers: { 'content-type': 'text/plain' }, body: 'x' });
      expect([answer.status, answer.body.type]).toEqual([415, 'unsupported-media-type']);
    });
  });

  test('thousands of bodies made from the OpenAPI document: a clear refusal each or one fact, never a 500', async () => {
    const document = (await baseload.api('GET', '/openapi.json')).body;
    const routes = Object.entries(document.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods)
          .filter(([, operation]) => operation.requestBody !== undefined)
          .map(([method, operation]) => ({
            path,
            method: method.toUpperCase(),
            schema: bodySchema(document, operation),
          })),
    );
    expect(routes.length).toBeGreaterThanOrEqual(6);
    const operator = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:operate billing:pay readings:write' });
    const before = await factCount();
    let sent = 0;
    const statuses = new Map<number, number>();
    const requests = fc.sample(
      fc.constantFrom(...routes).chain((route) => arbitraryOf(route.schema).map((value) => ({ ...route, value }))),
      { numRuns: 2_400, seed: SEED },
    );
    const unclear: unknown[] = [];
    // No more at once than the smallest reserved concurrency of the template: a throttled function is not what is asked here.
    while (requests.length > 0) {
      await Promise.all(
        requests.splice(0, 10).map(async ({ method, path, value }) => {
          sent += 1;
          const concrete = path
            .replace('{accountId}', ACCOUNT)
            .replace('{paymentId}', `pay_${'a'.repeat(52)}`)
            .replace('{tariffId}', 'generated')
            .replace('{meterId}', 'GENERATED1');
          const body = JSON.stringify(value) ?? 'undefined';
          const answer = await baseload.api(method, concrete, {
            token: operator,
            idempotencyKey: `fuzz-${sent}`,
            body,
          });
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (!isClear(answer))
            unclear.push({ method, concrete, body: body.slice(0, 500), status: answer.status, answer: answer.body });
        }),
      );
    }
    expect(unclear).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(2_000);
    expect(statuses.get(400)).toBeGreaterThan(1_000);
    expect(await factCount()).toBe(before + (statuses.get(201) ?? 0));
  }, 180_000);
});

/** Accepted, throttled by API Gateway, or a problem document that says what is wrong. */
const isClear = ({ status, body }: ApiAnswer): boolean =>
  [200, 201, 429].includes(status) ||
  ([400, 404, 409, 413, 421].includes(status) && typeof body.type === 'string' && typeof body.detail === 'string');

const bodySchema = (document: unknown, operation: unknown): JsonSchema => {
  const { requestBody } = operation as { requestBody: { content: Record<string, { schema: JsonSchema }> } };
  const schema = requestBody.content['application/json']?.schema ?? {};
  return schema.$ref === undefined ? schema : resolve(document, schema.$ref);
};

const resolve = (document: unknown, ref: string): JsonSchema =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document) as JsonSchema;
