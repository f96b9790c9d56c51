// Owns the checks before anything is read, in the order of CONTRACT: token, scope, shape of the account id, jurisdiction, account.
// Leaves to accounts.ts whether the account exists. API Gateway checked token and scope before; a route could be wired wrongly.
import { type AccountId, jurisdictionOf, accountId as parseAccountId } from '../../domain/ids.ts';
import { ROUTES, SCOPES } from '../names.ts';
import { type Caller, callerOf } from './claims.ts';
import { type ApiEvent, pathParameter } from './event.ts';
import { invalidRequest, Refusal } from './problem.ts';

/** The caller, if the token is there and has one of the scopes of the route. @throws Refusal 401, 403 `scope-missing` */
export const requireScope = (event: ApiEvent): Caller => {
  const caller = callerOf(event);
  if (caller === undefined) throw new Refusal('unauthorized', 'Send authorization: Bearer with a valid token');
  const scopes: readonly string[] = ROUTES.find(({ key }) => key === event.routeKey)?.scopes ?? [];
  if (!scopes.some((scope) => caller.scopes.has(scope))) {
    throw new Refusal('scope-missing', `This needs the scope ${scopes.join(' or ')}`);
  }
  return caller;
};

/** @throws Refusal 421 when the account is kept elsewhere: asking here again cannot help. */
export const requireJurisdiction = (accountId: AccountId, jurisdiction: string): void => {
  if (jurisdictionOf(accountId) !== jurisdiction) {
    throw new Refusal('wrong-jurisdiction', `This is ${jurisdiction}; the account id names another jurisdiction`);
  }
};

/**
 * The account in the path, if this caller may touch it. Whether it exists is not looked at before that.
 * @throws Refusal 401, 403 `scope-missing`, 400, 421, 403 `account-forbidden`
 */
export const requireAccountAccess = (event: ApiEvent, jurisdiction: string): AccountId =>
  requireAccess(event, jurisdiction, 'accountId', pathParameter(event, 'accountId'));

/** The same for an account that is named elsewhere, in `field`. */
export const requireAccess = (event: ApiEvent, jurisdiction: string, field: string, named: string): AccountId => {
  const caller = requireScope(event);
  const accountId = parseAccountId(named);
  if (accountId === undefined) {
    throw invalidRequest([{ field, message: 'must match ^[a-z]{2}_[A-Za-z0-9_-]{1,60}$' }]);
  }
  requireJurisdiction(accountId, jurisdiction);
  if (!caller.scopes.has(SCOPES.operate) && !caller.accounts.has(accountId)) {
    throw new Refusal('account-forbidden', "The token's accounts do not include this one");
  }
  return accountId;
};
