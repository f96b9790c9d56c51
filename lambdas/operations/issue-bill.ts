// Owns `POST /v1/accounts/{accountId}/bills`.
// Leaves to domain/decide-bill.ts when a period can be billed.
import { billStream } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { requireValid } from '../shared/http/idempotency.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import type { Reply } from '../shared/http/reply.ts';
import { issueBillRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { findCommand, replayFact, writeFact } from './write-fact.ts';

/** Fact keys of bills begin with `b#` and come before all others but the account's opening. */
const AFTER_BILLS = 'b$';

export const issueBill = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const scope = { jurisdiction: deps.jurisdiction, accountId, path: `/v1/accounts/${accountId}/bills` };
  const request = readKeyedRequest(event, scope, issueBillRequest);
  const stored = await findCommand(deps.ledger, account, request.commandId, AFTER_BILLS);
  if (stored !== undefined) return replayFact(stored, request);
  const { period } = requireValid(request);
  return writeFact(deps, account, billStream(period), request, (bill, context) => ({
    type: 'IssueBill',
    ...context,
    ...bill,
  }));
};
