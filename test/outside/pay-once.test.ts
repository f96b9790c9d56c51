// Owns the proof that a run of the payer from outside fails for what a payer would call broken, on real HTTP, and tells no secret.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { payOnce } from '../../outside/pay-once.ts';
import { fetchToken } from '../../outside/token.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}
type Answer = readonly [number, object];

let server: Server;
let origin = '';
let asked: Asked[] = [];
let answer: (one: Asked) => Answer;

const PAID = { paymentId: 'pay_a', position: 'P' };

beforeEach(async () => {
  asked = [];
  answer = ({ method }) => [method === 'POST' ? 201 : 200, PAID];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    asked.push(one);
    const [status, object] = answer(one);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(object));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const run = (nowMs = 600_000) =>
  payOnce({ origin, accountId: 'us_test-a', currency: 'USD', slotMs: 600_000 }, 'TOKEN', nowMs);

describe('a run', () => {
  test('pays one minor unit, asks again with the same key, and looks the payment up behind it', async () => {
    await run();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/accounts/us_test-a/payments',
      'POST /v1/accounts/us_test-a/payments',
      'GET /v1/accounts/us_test-a/payments/pay_a',
    ]);
    const [first, again, seen] = asked;
    expect(JSON.parse(first?.body ?? '')).toEqual({ amountMinor: 1, currency: 'USD', method: 'test_account' });
    expect([first?.headers['idempotency-key'], again?.headers['idempotency-key']]).toEqual(['outside-1', 'outside-1']);
    expect(again?.body).toBe(first?.body);
    expect(seen?.headers['baseload-after']).toBe('P');
    for (const { headers } of asked) expect(headers.authorization).toBe('Bearer TOKEN');
  });

  test('of another slot is another payment', async () => {
    await run();
    await run(1_200_000);
    expect(asked[3]?.headers['idempotency-key']).toBe('outside-2');
  });

  test('fails where a payment is refused, and says which step', async () => {
    answer = () => [503, { type: 'not-attempted' }];
    await expect(run()).rejects.toThrow('pay: answered 503 instead of 201: {"type":"not-attempted"}');
  });

  test('fails where one key makes two payments', async () => {
    answer = ({ method }) => [method === 'POST' ? 201 : 200, { ...PAID, paymentId: `pay_${asked.length}` }];
    await expect(run()).rejects.toThrow('one key made two payments: pay_1 and pay_2');
  });

  test('fails where the payment is not seen', async () => {
    answer = ({ method }) => (method === 'POST' ? [201, PAID] : [404, { type: 'payment-not-found' }]);
    await expect(run()).rejects.toThrow('look the payment up: answered 404 instead of 200');
  });

  test('fails where nobody answers', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(run()).rejects.toThrow('pay: no answer: ');
  });
});

describe('the token', () => {
  const secret = () =>
    JSON.stringify({ tokenUrl: `${origin}/token`, form: 'grant_type=client_credentials&client_secret=S' });

  test('is asked for with what the secret holds', async () => {
    answer = () => [200, { access_token: 'T' }];
    expect(await fetchToken(secret())).toBe('T');
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/token',
      body: 'grant_type=client_credentials&client_secret=S',
    });
  });

  test('that is refused is told without the secret', async () => {
    answer = () => [401, { error: 'invalid_client' }];
    await expect(fetchToken(secret())).rejects.toThrow(/^get a token: the issuer answered 401$/);
  });

  test.each(['', 'TOKEN', 'null', '{"tokenUrl":"https://a"}'])(
    'a secret of another form is an error that does not show it: %s',
    async (text) => {
      await expect(fetchToken(text)).rejects.toThrow('the secret must be { "tokenUrl", "form" }');
    },
  );
});
