import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalIssuer, startIssuer } from '../../local/issuer/start-issuer.ts';

const KEY = { kty: 'RSA', kid: 'one', alg: 'RS256' };

let issuer: LocalIssuer;
beforeAll(async () => {
  issuer = await startIssuer(0, {
    name: 'https://identity.example.com/',
    jwks: { keys: [KEY] },
    token: async ({ scope }) => `token for ${scope}`,
  });
});
afterAll(() => issuer.leave());

// biome-ignore lint/suspicious/noExplicitAny: documents are read freely here.
const json = async (url: string): Promise<any> => (await fetch(url)).json();

test('its discovery document leads to its keys', async () => {
  const discovered = await json(`${issuer.url}/.well-known/openid-configuration`);
  expect(discovered).toEqual({
    issuer: 'https://identity.example.com/',
    jwks_uri: `${issuer.url}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
  });
  expect(await json(discovered.jwks_uri)).toEqual({ keys: [KEY] });
});

test('while it is away nobody is answered, and nobody gets a token; it comes back to the same port', async () => {
  const { url } = issuer;
  await issuer.leave();
  await issuer.leave();
  await expect(fetch(`${url}/.well-known/jwks.json`)).rejects.toThrow('fetch failed');
  await expect(issuer.token({ accounts: [], scope: 'billing:read' })).rejects.toThrow(
    'the issuer is stopped: POST /api/issuer/start starts it',
  );
  await issuer.comeBack();
  await issuer.comeBack();
  expect(await json(`${url}/.well-known/jwks.json`)).toEqual({ keys: [KEY] });
  expect(await issuer.token({ accounts: [], scope: 'billing:read' })).toBe('token for billing:read');
});

test('a port that is taken is named as its own', async () => {
  const { port } = new URL(issuer.url);
  await expect(startIssuer(Number(port), { name: '', jwks: { keys: [] }, token: async () => '' })).rejects.toThrow(
    `the local issuer's port: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
});
