import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { IsoDate } from '../../../lambdas/domain/ids.ts';
import { registerDay } from '../../../lambdas/domain/readings/meter-day.ts';
import { OPERATIONS } from '../../../lambdas/lookup/openapi/operations.ts';
import { PROBLEM_SLUGS } from '../../../lambdas/shared/http/problem.ts';
import { ROUTES } from '../../../lambdas/shared/names.ts';
import { type Answer, calls, memoryStores, testRegion } from '../harness/region.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of any form, looked at from outside
type Json = any;
let document: Json;

beforeAll(async () => {
  document = (await testRegion(memoryStores()).call({ routeKey: 'GET /openapi.json', claims: null })).body;
});

const operations = (): { path: string; method: string; operation: Json }[] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('is OpenAPI 3.1, served to everyone, with an ETag', async () => {
  const region = testRegion(memoryStores());
  const answer = await region.call({ routeKey: 'GET /openapi.json', claims: null });
  expect([answer.status, answer.body.openapi, answer.headers['content-type']]).toEqual([
    200,
    '3.1.0',
    'application/json',
  ]);
  const again = {
    routeKey: 'GET /openapi.json',
    claims: null,
    headers: { 'if-none-match': answer.headers.ETag ?? '' },
  };
  expect((await region.call(again)).status).toBe(304);
});

test('has exactly the routes that are deployed, each with the scopes it needs', () => {
  const documented = operations().map(({ path, method, operation }) => [
    `${method.toUpperCase()} ${path}`,
    operation.security.flatMap(({ bearer }: Json) => bearer),
  ]);
  expect(documented.sort()).toEqual(ROUTES.map(({ key, scopes }) => [key, [...scopes]]).sort());
});

test('every operation has a unique id, a summary, a success and its path parameters', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    expect(operation.summary).toMatch(/\S/);
    expect(Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status))).toBe(true);
    const declared = (operation.parameters ?? [])
      .map((parameter: Json) => resolve(parameter))
      .filter((parameter: Json) => parameter.in === 'path')
      .map((parameter: Json) => parameter.name);
    expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
});

const resolve = (node: Json): Json =>
  node.$ref === undefined
    ? node
    : node.$ref
        .slice(2)
        .split('/')
        .reduce((at: Json, step: string) => at?.[step], document);

test('every reference leads somewhere, and nothing under components is idle', () => {
  const refs = new Set([...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => String(ref)));
  for (const ref of refs) expect([ref, resolve({ $ref: ref })]).toEqual([ref, expect.anything()]);
  for (const kind of ['schemas', 'headers', 'parameters']) {
    for (const name of Object.keys(document.components[kind])) expect(refs).toContain(`#/components/${kind}/${name}`);
  }
});

test('every example is a valid request', () => {
  for (const { request } of Object.values(OPERATIONS)) {
    if (request !== undefined)
      expect([request.name, request.schema.safeParse(request.example).error]).toEqual([request.name, undefined]);
  }
});

test('requests are strict, and bounded where the contract says so', () => {
  expect(document.components.schemas.PostPayment).toEqual({
    type: 'object',
    properties: {
      amountMinor: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 1_000_000_000_000 }),
      currency: expect.objectContaining({ type: 'string', pattern: '^[A-Z]{3}$' }),
      method: expect.objectContaining({ type: 'string', pattern: '^[a-z0-9_-]{1,32}$' }),
    },
    required: ['amountMinor', 'currency', 'method'],
    additionalProperties: false,
  });
});

test('every refusal is told somewhere', () => {
  const text = JSON.stringify(operations().map(({ operation }) => operation.responses));
  const untold = PROBLEM_SLUGS.filter((slug) => !text.includes(`\`${slug}\``));
  // No client can do anything about the first, and API Gateway answers before the second.
  expect(untold).toEqual(['route-not-found', 'internal-error']);
});

const usdTariff = { ...OPERATIONS['PUT /v1/tariffs/{tariffId}'].request?.example, baseload: { currency: 'USD' } };

describe('the handlers answer as documented', () => {
  const expected = (key: keyof typeof OPERATIONS, { status, body }: Answer) => {
    const documented = OPERATIONS[key].answers[status];
    if (documented === undefined) throw new Error(`${key} answered ${status}: ${JSON.stringify(body)}`);
    return z.prettifyError(documented.schema.safeParse(body).error ?? new z.ZodError([]));
  };

  test('every route', async () => {
    const stores = memoryStores();
    const region = testRegion(stores);
    const account = '/v1/accounts/{accountId}';
    const wrong: string[] = [];
    const check = async (key: keyof typeof OPERATIONS, call: Parameters<typeof region.call>[0]) => {
      const answer = await region.call(call);
      const problem = expected(key, answer);
      if (problem !== '') wrong.push(`${key}: ${problem}`);
      return answer.body;
    };
    await check('POST /v1/accounts', calls.open());
    await check('POST /v1/accounts', calls.open());
    const bill = await check(`POST ${account}/bills`, calls.bill('b'));
    const { paymentId } = await check(`POST ${account}/payments`, calls.pay('p'));
    const refund = await check(`POST ${account}/payments/{paymentId}/refunds`, calls.refund('r', paymentId, 40));
    await check(`POST ${account}/adjustments`, calls.adjust('a', -5));
    await check(`POST ${account}/reversals`, calls.reverse('v', refund.position));
    const tariff = { routeKey: 'PUT /v1/tariffs/{tariffId}', path: { tariffId: 't' }, body: usdTariff };
    await check('PUT /v1/tariffs/{tariffId}', tariff);
    const meter = { tariffId: 't', from: '2026-09-01' };
    await check(`PUT ${account}/meters/{meterId}`, {
      routeKey: `PUT ${account}/meters/{meterId}`,
      path: { accountId: 'us_a', meterId: 'm' },
      body: meter,
    });
    const intervals = [
      { startMs: Date.UTC(2026, 9, 1, 4), durationSeconds: 86_400, wh: '900', quality: 'actual' as const },
    ];
    await stores.readings.store([
      registerDay({
        meterId: 'm',
        date: '2026-10-01' as IsoDate,
        register: 'E1',
        flow: 'import',
        intervals,
        receivedMs: 1,
      }),
    ]);
    const preview = calls.look('/bills/preview', { query: { period: '2026-10' } });
    await check(`GET ${account}/bills/preview`, preview);
    await check(`POST ${account}/bills/{billId}/rebills`, {
      routeKey: `POST ${account}/bills/{billId}/rebills`,
      path: { accountId: 'us_a', billId: bill.billId },
      headers: { 'idempotency-key': 'rebill' },
      body: { reason: 'readings came in' },
    });
    await region.project();
    await check(`GET ${account}`, calls.look());
    await check(`GET ${account}/balance`, calls.look('/balance'));
    await check(`GET ${account}/statement`, calls.look('/statement'));
    await check(`GET ${account}/bills`, calls.look('/bills'));
    await check(`GET ${account}/bills/{billId}`, calls.look('/bills/{billId}', { path: { billId: bill.billId } }));
    await check(`GET ${account}/payments/{paymentId}`, calls.look('/payments/{paymentId}', { path: { paymentId } }));
    await check('GET /health', { routeKey: 'GET /health' });
    await stores.regionState.setEvacuated('us-west-2', true);
    await check('GET /evacuated/{region}', { routeKey: 'GET /evacuated/{region}', path: { region: 'us-west-2' } });
    expect(wrong).toEqual([]);
  });
});
