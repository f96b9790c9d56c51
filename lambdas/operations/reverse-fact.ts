// Owns `POST /v1/accounts/{accountId}/reversals`: the fact is named by the position an answer gave.
// Leaves to domain/decide.ts what can be reversed, and how much of it is left.
import type { AccountId } from '../domain/ids.ts';
import { decodePosition, parseFactKey } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { requireValid } from '../shared/http/idempotency.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import { invalidRequest } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { reverseFactRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { findCommand, replayFact, writeFact } from './write-fact.ts';

/** After every fact key. */
const END_OF_ACCOUNT = '~';

export const reverseFact = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const scope = { jurisdiction: deps.jurisdiction, accountId, path: `/v1/accounts/${accountId}/reversals` };
  const request = readKeyedRequest(event, scope, reverseFactRequest);
  const stored = await findCommand(deps.ledger, account, request.commandId, END_OF_ACCOUNT);
  if (stored !== undefined) return replayFact(stored, request);
  const place = placeAt(requireValid(request).position, accountId);
  return writeFact(deps, account, place.stream, request, ({ reason }, context) => ({
    type: 'ReverseFact',
    ...context,
    reversedOrdinal: place.ordinal,
    reason,
  }));
};

/** @throws Refusal 400 for a position that no answer gave, or one of another account. */
const placeAt = (position: string, accountId: AccountId) => {
  const decoded = decodePosition(position);
  const place = decoded && parseFactKey(decoded.key);
  if (decoded === undefined || place === undefined) {
    throw invalidRequest([{ field: 'position', message: 'must be a position as an answer gave it' }]);
  }
  if (decoded.accountId !== accountId) {
    throw invalidRequest([{ field: 'position', message: 'is of another account' }]);
  }
  return place;
};
