import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { authorizerOf, openIssuer } from '../../local/issuer/issuer.ts';

const AUTHORIZER = { issuer: 'https://identity.example.com/', audience: ['billing-api', 'other'] };
const NOW_MS = 1_800_000_000_000;

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'baseload-issuer-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

const opened = () => openIssuer(dataDir, AUTHORIZER, () => NOW_MS);
const verified = async (token: string, audience = 'billing-api', atMs = NOW_MS) => {
  const { jwks } = await opened();
  const keys = createLocalJWKSet(jwks as JSONWebKeySet);
  return jwtVerify(token, keys, { issuer: AUTHORIZER.issuer, audience, currentDate: new Date(atMs) });
};

describe('the local issuer', () => {
  test('issues RS256 tokens with the claims the authorizer and the handlers look at', async () => {
    const { token, jwks } = await opened();
    const jwt = await token({ accounts: ['us_a', 'us_b'], scope: 'billing:read billing:pay', ttlSeconds: 60 });
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect((await verified(jwt)).payload).toEqual({
      accounts: ['us_a', 'us_b'],
      scope: 'billing:read billing:pay',
      iss: 'https://identity.example.com/',
      aud: 'billing-api',
      sub: 'us_a',
      iat: 1_800_000_000,
      exp: 1_800_000_060,
    });
    expect(Object.keys(jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  test('a negative lifetime makes an expired token, another audience one for someone else', async () => {
    const { token } = await opened();
    const expired = await token({ accounts: [], scope: 'billing:read', ttlSeconds: -10 });
    await expect(verified(expired)).rejects.toThrow('"exp" claim timestamp check failed');
    expect((await verified(expired, 'billing-api', NOW_MS - 20_000)).payload.iat).toBe(1_799_999_990);
    const foreign = await token({ accounts: [], scope: 'billing:read', audience: 'someone-else' });
    await expect(verified(foreign)).rejects.toThrow('unexpected "aud" claim value');
  });

  test('keeps its key, readable by its owner only, so that tokens outlive a restart', async () => {
    const jwt = await (await opened()).token({ accounts: [], scope: '' });
    expect((await verified(jwt)).payload.sub).toBe('local-operator');
    expect((await stat(join(dataDir, 'issuer', 'key.json'))).mode & 0o777).toBe(0o600);
  });

  test('an API without an authorizer is refused', () => {
    expect(() => authorizerOf([])).toThrow(
      'no route of the synthesized API has a JWT authorizer: nothing to issue tokens for',
    );
  });
});
