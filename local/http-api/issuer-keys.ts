// Owns how an HTTP API comes by an issuer's public keys, and how long it keeps them.
// Leaves to jwt-authorizer.ts what is checked with them.
// Sources: API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers" (kept for two hours; a step that fails
// denies the request) and "Quotas for configuring and running an HTTP API" (1,500 ms for each answer). What is said of a failure is
// what access logs of AWS were seen to say: it documents no wording.
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';

const KEPT_MS = 2 * 3_600_000;
const PATIENCE_MS = 1_500;

export type IssuerKeySet = ReturnType<typeof createLocalJWKSet>;

export class IssuerKeys {
  #kept: { readonly keys: IssuerKeySet; readonly fetchedAtMs: number } | undefined;
  #fetching: Promise<IssuerKeySet | string> | undefined;

  constructor(
    /** Where the issuer's address leads. */
    private readonly issuerUrl: string,
    private readonly nowMs: () => number,
  ) {}

  /** The same set for as long as it is kept; a string says why there is none. The next request asks the issuer again. */
  async current(): Promise<IssuerKeySet | string> {
    if (this.#kept !== undefined && this.nowMs() - this.#kept.fetchedAtMs < KEPT_MS) return this.#kept.keys;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<IssuerKeySet | string> {
    const fetchedAtMs = this.nowMs();
    const discovered = await answerOf(`${this.issuerUrl}/.well-known/openid-configuration`);
    if (typeof discovered?.['jwks_uri'] !== 'string') return 'OIDC discovery endpoint communication error';
    const keys = keySetOf(await answerOf(discovered['jwks_uri']));
    if (keys === undefined) return 'JWKS communication error';
    this.#kept = { keys, fetchedAtMs };
    return keys;
  }
}

const keySetOf = (jwks: object | undefined): IssuerKeySet | undefined => {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet);
  } catch {
    return undefined;
  }
};

/** Undefined for whatever is no answer with JSON in time. */
const answerOf = async (url: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
