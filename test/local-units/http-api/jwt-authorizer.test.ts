// Owns the proof that the edge takes exactly the tokens API Gateway would take, and hands on claims as it does.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsAsStrings } from '../../../local/http-api/claims.ts';
import { AUTHORIZER, type Edge, route, startEdge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({
    routes: [
      route('GET /any', { authorizer: AUTHORIZER }),
      route('GET /pay', { authorizer: AUTHORIZER, scopes: ['billing:pay', 'billing:operate'] }),
    ],
  });
});
afterAll(() => edge.close());

const now = Math.floor(Date.now() / 1000);
const get = (path: string, authorization?: string) =>
  fetch(edge.url + path, authorization === undefined ? {} : { headers: { authorization } });

describe('a token', () => {
  test.each([
    ['with Bearer', 'Bearer '],
    ['with bearer', 'bearer '],
    ['bare, which API Gateway takes too', ''],
  ])('is taken %s', async (_how, prefix) => {
    expect((await get('/any', prefix + (await edge.token()))).status).toBe(200);
  });

  test.each<{ what: string; args: Parameters<Edge['token']>; description: string }>([
    { what: 'expired', args: [{ exp: now - 1 }], description: 'the token has expired' },
    { what: 'without exp', args: [{ exp: undefined }], description: 'the token has expired' },
    { what: 'not valid yet', args: [{ nbf: now + 60 }], description: 'the token is not valid yet' },
    { what: 'issued in the future', args: [{ iat: now + 60 }], description: 'the token is used before it was issued' },
    {
      what: 'of another issuer',
      args: [{ iss: 'https://other.test/' }],
      description: 'the token does not have a valid issuer',
    },
    { what: 'for another audience', args: [{ aud: 'other' }], description: 'the token does not have a valid audience' },
    {
      what: 'for another audience, its client_id notwithstanding',
      args: [{ aud: 'other', client_id: 'baseload' }],
      description: 'the token does not have a valid audience',
    },
    { what: 'signed by another key', args: [{}, { foreign: true }], description: 'signature verification failed' },
    {
      what: 'of an unknown key',
      args: [{}, { kid: 'gone' }],
      description: 'no key of the issuer matches the kid of the token',
    },
    { what: 'without a key id', args: [{}, { kid: '' }], description: 'the token does not have a kid' },
    {
      what: 'signed by a curve, which API Gateway does not support',
      args: [{}, { alg: 'ES256' }],
      description: 'the algorithm of the token is not supported',
    },
  ])('$what is 401', async ({ args, description }) => {
    const response = await get('/any', `Bearer ${await edge.token(...args)}`);
    expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer scope="" error="invalid_token" error_description="${description}"`,
    );
  });

  test.each<string | undefined>([undefined, '', 'Bearer ', 'Bearer x', 'Bearer a.b.c', `Bearer ${'a'.repeat(5000)}`])(
    '%p is 401',
    async (authorization) => {
      const response = await get('/any', authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    },
  );

  test('with alg none is 401', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = `${part({ alg: 'none', kid: 'own' })}.${part({ iss: AUTHORIZER.issuer, aud: 'baseload', exp: now + 60 })}.`;
    expect((await get('/any', `Bearer ${forged}`)).status).toBe(401);
  });

  test('that was good is refused once it has expired, though it was seen before', async () => {
    const other = await startEdge({ routes: [route('GET /any', { authorizer: AUTHORIZER })] });
    const headers = { authorization: await other.token({ exp: now + 3600 }) };
    const statuses = [(await fetch(`${other.url}/any`, { headers })).status];
    other.advance(3_600_000);
    statuses.push((await fetch(`${other.url}/any`, { headers })).status);
    await other.close();
    expect(statuses).toEqual([200, 401]);
  });

  test('of a client_id without aud is taken', async () => {
    expect((await get('/any', await edge.token({ aud: undefined, client_id: 'baseload' }))).status).toBe(200);
  });
});

describe('scopes', () => {
  test.each([
    [{ scope: 'billing:pay' }, 200],
    [{ scope: 'billing:read billing:operate' }, 200],
    [{ scp: ['billing:pay'] }, 200],
    [{ scope: 'billing:read' }, 403],
    [{ scope: 'billing:payroll' }, 403],
    [{ scope: '' }, 403],
    [{}, 403],
  ])('%j is %i', async (claims, status) => {
    const response = await get('/pay', await edge.token(claims));
    expect(response.status).toBe(status);
    if (status === 403) expect(await response.text()).toBe('{"message":"Forbidden"}');
  });
});

describe('claims', () => {
  test('reach the function as strings, scopes as the token has them, null where the route asks for none', async () => {
    await get('/pay', await edge.token({ scope: 'billing:pay x', accounts: ['us_a', 'us_b'], exp: 4_000_000_000 }));
    expect(edge.event().requestContext.authorizer.jwt).toMatchObject({
      claims: { accounts: '[us_a us_b]', exp: '4000000000', scope: 'billing:pay x', aud: 'baseload' },
      scopes: ['billing:pay', 'x'],
    });
    await get('/any', await edge.token());
    expect(edge.event().requestContext.authorizer.jwt.scopes).toBeNull();
  });

  test.each<[unknown, string]>([
    ['a b', 'a b'],
    [['a b'], '[a b]'],
    [['a', 'b'], '[a b]'],
    [[], '[]'],
    [true, 'true'],
    [1.5, '1.5'],
    [null, '<nil>'],
    [{ b: 1, a: ['x'] }, 'map[a:[x] b:1]'],
  ])('%j becomes %s', (value, text) => {
    expect(claimsAsStrings({ claim: value })).toEqual({ claim: text });
  });
});
