// Owns the JWT authorizer of an HTTP API: what makes a token good, and what API Gateway says when it is not.
// Leaves to issuer-keys.ts where the keys come from.
// Source: API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers".
import { compactVerify, errors } from 'jose';
import type { AuthorizerPlan } from '../assembly/plan.ts';
import { claimsAsStrings } from './claims.ts';
import type { IssuerKeySet, IssuerKeys } from './issuer-keys.ts';

export interface AuthorizedToken {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
}

export type TokenDecision =
  | { readonly kind: 'authorized'; readonly token: AuthorizedToken }
  /** 401; the value of `www-authenticate`. */
  | { readonly kind: 'unauthorized'; readonly challenge: string }
  /** 403: a good token without any of the route's scopes. */
  | { readonly kind: 'forbidden' };

type Claims = Readonly<Record<string, unknown>>;

/** What stays true of a token however often it is shown; the times are checked on every request. */
interface VerifiedToken {
  readonly payload: Claims;
  readonly token: AuthorizedToken;
}

/** API Gateway supports nothing but RSA signatures. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
const MAX_CACHED_TOKENS = 5000;

export class JwtAuthorizer {
  private readonly verified = new Map<string, VerifiedToken>();
  private verifiedWith: IssuerKeySet | undefined;

  constructor(
    private readonly keys: IssuerKeys,
    private readonly nowMs: () => number,
  ) {}

  /** `authorization` is the header's value; API Gateway takes the token with and without `Bearer ` before it. */
  async decide(
    authorization: string | undefined,
    plan: AuthorizerPlan,
    routeScopes: readonly string[],
  ): Promise<TokenDecision> {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim() ?? '';
    if (token === '') return { kind: 'unauthorized', challenge: 'Bearer' };
    const keys = await this.keys.current();
    if (typeof keys === 'string') return invalid(keys);
    if (keys !== this.verifiedWith) this.verified.clear();
    this.verifiedWith = keys;
    const known = this.verified.get(token) ?? (await this.verify(token, keys));
    if (typeof known === 'string') return invalid(known);
    const problem = problemWith(known.payload, plan, this.nowMs() / 1000);
    if (problem !== undefined) return invalid(problem);
    if (routeScopes.length > 0 && !known.token.scopes.some((scope) => routeScopes.includes(scope)))
      return { kind: 'forbidden' };
    return { kind: 'authorized', token: known.token };
  }

  /** The verified token, or what is wrong with it. */
  private async verify(token: string, keys: IssuerKeySet): Promise<VerifiedToken | string> {
    try {
      const { payload, protectedHeader } = await compactVerify(token, keys, { algorithms: ALGORITHMS });
      if (protectedHeader.kid === undefined) return 'the token does not have a kid';
      const claims = JSON.parse(new TextDecoder().decode(payload)) as Claims;
      if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return 'the token is not a JWT';
      const verified = { payload: claims, token: { claims: claimsAsStrings(claims), scopes: scopesOf(claims) } };
      if (this.verified.size >= MAX_CACHED_TOKENS) this.verified.clear();
      // Other keys may be there by now.
      if (keys === this.verifiedWith) this.verified.set(token, verified);
      return verified;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature verification failed';
      if (error instanceof errors.JWKSNoMatchingKey) return 'no key of the issuer matches the kid of the token';
      if (error instanceof errors.JOSEAlgNotAllowed) return 'the algorithm of the token is not supported';
      return 'the token is not a JWT';
    }
  }
}

const invalid = (description: string): TokenDecision => ({
  kind: 'unauthorized',
  challenge: `Bearer scope="" error="invalid_token" error_description="${description}"`,
});

function problemWith(claims: Claims, plan: AuthorizerPlan, nowSeconds: number): string | undefined {
  if (claims.iss !== plan.issuer) return 'the token does not have a valid issuer';
  // client_id counts only where there is no aud.
  const audience = [claims.aud ?? claims.client_id ?? []].flat();
  if (!audience.some((one) => typeof one === 'string' && plan.audience.includes(one)))
    return 'the token does not have a valid audience';
  if (typeof claims.exp !== 'number' || claims.exp <= nowSeconds) return 'the token has expired';
  if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf <= nowSeconds))
    return 'the token is not valid yet';
  if (claims.iat !== undefined && !(typeof claims.iat === 'number' && claims.iat <= nowSeconds))
    return 'the token is used before it was issued';
  return undefined;
}

function scopesOf(claims: Claims): readonly string[] {
  const held = claims.scp ?? claims.scope;
  if (Array.isArray(held)) return held.map(String);
  return typeof held === 'string' ? held.split(' ').filter((scope) => scope !== '') : [];
}
