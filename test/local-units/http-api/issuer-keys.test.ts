// Owns the proof that the edge keeps an issuer's keys as API Gateway does, and lets nobody in without any.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IssuerKeys } from '../../../local/http-api/issuer-keys.ts';
import { AUTHORIZER, type Edge, route, startEdge } from './edge.ts';

const TWO_HOURS_MS = 7_200_000;

describe('while the issuer is away', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge({ routes: [route('GET /any', { authorizer: AUTHORIZER }), route('GET /open')] });
  });
  afterEach(() => edge.close());

  const get = (token: string, path = '/any') => fetch(edge.url + path, { headers: { authorization: token } });
  const aDay = { exp: Math.floor(Date.now() / 1000) + 86_400 };

  test('tokens are checked with the keys that were kept, those never seen before too', async () => {
    const [one, other] = [await edge.token(aDay), await edge.token({ ...aDay, sub: 'other' })];
    expect((await get(one)).status).toBe(200);
    await edge.issuer.leave();
    edge.advance(TWO_HOURS_MS - 60_000);
    expect([(await get(one)).status, (await get(other)).status]).toEqual([200, 200]);
    expect((await get(await edge.token(aDay, { foreign: true }))).status).toBe(401);
  });

  test('after two hours the keys are gone, and nobody is let in until it is back', async () => {
    const token = await edge.token(aDay);
    expect((await get(token)).status).toBe(200);
    await edge.issuer.leave();
    edge.advance(TWO_HOURS_MS);
    const refused = await get(token);
    expect([refused.status, await refused.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer scope="" error="invalid_token" error_description="OIDC discovery endpoint communication error"',
    );
    await edge.issuer.comeBack();
    expect((await get(token)).status).toBe(200);
  });

  test('an edge that never had keys lets nobody in but where no token is asked for', async () => {
    await edge.issuer.leave();
    expect((await get(await edge.token(aDay))).status).toBe(401);
    expect((await get('', '/open')).status).toBe(200);
  });
});

describe('keys', () => {
  let issuer: Server;
  let asked: string[];
  let answers: Record<string, () => object | string | undefined>;
  let nowMs: number;
  let keys: IssuerKeys;

  beforeEach(async () => {
    asked = [];
    nowMs = 0;
    issuer = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const answer = answers[path]?.();
      // Undefined is never answered.
      if (answer !== undefined) response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await once(issuer.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    answers = {
      '/.well-known/openid-configuration': () => ({ jwks_uri: `${url}/keys` }),
      '/keys': () => ({ keys: [{ kty: 'RSA', kid: 'one' }] }),
    };
    keys = new IssuerKeys(url, () => nowMs);
  });
  afterEach(() => {
    issuer.close();
    issuer.closeAllConnections();
  });

  test('are fetched once by requests at the same time, and again after two hours', async () => {
    const [first, second] = await Promise.all([keys.current(), keys.current()]);
    expect(typeof first).toBe('function');
    expect(second).toBe(first);
    nowMs = TWO_HOURS_MS - 1;
    expect(await keys.current()).toBe(first);
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    nowMs = TWO_HOURS_MS;
    expect(await keys.current()).not.toBe(first);
    expect(asked).toHaveLength(4);
  });

  test.each([
    ['/.well-known/openid-configuration', 'no JSON', 'OIDC discovery endpoint communication error'],
    ['/.well-known/openid-configuration', {}, 'OIDC discovery endpoint communication error'],
    ['/.well-known/openid-configuration', undefined, 'OIDC discovery endpoint communication error'],
    ['/keys', 'no JSON', 'JWKS communication error'],
    ['/keys', { keys: 'one' }, 'JWKS communication error'],
    ['/keys', undefined, 'JWKS communication error'],
  ])('%s answering %j gives none, and the next request asks again', async (path, answer, why) => {
    const right = answers[path];
    answers[path] = () => answer;
    const startedMs = performance.now();
    expect(await keys.current()).toBe(why);
    // 1,500 ms of patience with an endpoint that never answers.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    if (right !== undefined) answers[path] = right;
    expect(typeof (await keys.current())).toBe('function');
  });
});
