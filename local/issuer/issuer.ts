// Owns keys and tokens of the local identity provider: one key pair per data directory, tokens as the template's authorizer wants them.
// Leaves to start-issuer.ts how the public key is published, to the Regions' edges how a token is checked.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { AuthorizerPlan, RegionPlan } from '../assembly/plan.ts';

/** API Gateway's JWT authorizer takes RSA signatures only. */
const ALGORITHM = 'RS256';
const DEFAULT_TTL_SECONDS = 12 * 3600;

export interface TokenRequest {
  /** The accounts a payer may touch; an operator's scope is not limited by them. */
  readonly accounts: readonly string[];
  /** Space-separated, as OAuth 2.0 writes them. */
  readonly scope: string;
  /** Negative: already expired. */
  readonly ttlSeconds?: number;
  readonly audience?: string;
}

export interface Issuer {
  /** The `iss` claim of its tokens. */
  readonly name: string;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A signed JWT. */
  token(request: TokenRequest): Promise<string>;
}

/** The first authorizer in the plan. @throws Error when no route of any Region has one. */
export const authorizerOf = (regions: readonly Pick<RegionPlan, 'httpApi'>[]): AuthorizerPlan => {
  const routes = regions.flatMap((region) => region.httpApi.routes);
  const authorizer = routes.find((route) => route.authorizer !== undefined)?.authorizer;
  if (authorizer === undefined)
    throw new Error('no route of the synthesized API has a JWT authorizer: nothing to issue tokens for');
  return authorizer;
};

/** Reads the key pair kept under `dataDir`, or makes and keeps one, so that tokens outlive a restart. */
export const openIssuer = async (dataDir: string, authorizer: AuthorizerPlan, nowMs: () => number): Promise<Issuer> => {
  const privateJwk = await keptKey(join(dataDir, 'issuer'));
  const key = await importJWK(privateJwk, ALGORITHM);
  const { kty, n, e } = privateJwk;
  const kid = await calculateJwkThumbprint(privateJwk);
  const publicJwk = { kty, n, e, kid, alg: ALGORITHM, use: 'sig' } as JWK;
  return {
    name: authorizer.issuer,
    jwks: { keys: [publicJwk] },
    token: async ({ accounts, scope, ttlSeconds = DEFAULT_TTL_SECONDS, audience }) => {
      const nowSeconds = Math.floor(nowMs() / 1000);
      return (
        new SignJWT({ accounts, scope })
          .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
          .setIssuer(authorizer.issuer)
          .setAudience(audience ?? authorizer.audience[0] ?? '')
          .setSubject(accounts[0] ?? 'local-operator')
          // An expired token was once a valid one: it was issued before it expired.
          .setIssuedAt(Math.min(nowSeconds, nowSeconds + ttlSeconds))
          .setExpirationTime(nowSeconds + ttlSeconds)
          .sign(key)
      );
    },
  };
};

const keptKey = async (directory: string): Promise<JWK> => {
  const file = join(directory, 'key.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as JWK;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(directory, { recursive: true });
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
};
