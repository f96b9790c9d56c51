// Owns what a token says, as API Gateway's JWT authorizer hands it over: scopes and accounts.
// Leaves to access.ts what follows from it. The signature has been checked by then.
import type { ApiEvent } from './event.ts';

export interface Caller {
  readonly scopes: ReadonlySet<string>;
  /** The accounts a payer may see and pay; `billing:operate` is not limited by them. */
  readonly accounts: ReadonlySet<string>;
}

/** Undefined when no authorizer vouched for the caller. */
export const callerOf = (event: ApiEvent): Caller | undefined => {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  if (claims === undefined || claims === null) return undefined;
  return { scopes: new Set(scopesOf(claims.scope)), accounts: new Set(listClaim(claims.accounts)) };
};

/** OAuth scopes: one string with spaces (RFC 8693), or a list. */
const scopesOf = (claim: unknown): readonly string[] => {
  if (typeof claim === 'string' && !claim.startsWith('[')) return claim.split(' ').filter((scope) => scope !== '');
  return listClaim(claim);
};

const LIST_AS_STRING = /^\[([^[\]\s]+(?: [^[\]\s]+)*)\]$/;

/**
 * A claim that is a list. HTTP APIs deliver it as the string `[a b]`; real arrays are taken as well. Anything else,
 * a bare string too, is no list and stands for none: read loosely, a payer would get others' accounts.
 */
const listClaim = (claim: unknown): readonly string[] => {
  if (Array.isArray(claim)) return claim.every((item) => typeof item === 'string') ? claim : [];
  const match = typeof claim === 'string' ? LIST_AS_STRING.exec(claim) : null;
  return match?.[1]?.split(' ') ?? [];
};
