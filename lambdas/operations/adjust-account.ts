// Owns `POST /v1/accounts/{accountId}/adjustments`.
// Leaves to domain/decide-adjustment.ts what it does to the balance.
import { adjustmentIdOf } from '../domain/ids.ts';
import { adjustmentStream } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import type { Reply } from '../shared/http/reply.ts';
import { adjustAccountRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { writeFact } from './write-fact.ts';

export const adjustAccount = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const scope = { jurisdiction: deps.jurisdiction, accountId, path: `/v1/accounts/${accountId}/adjustments` };
  const request = readKeyedRequest(event, scope, adjustAccountRequest);
  const stream = adjustmentStream(adjustmentIdOf(request.commandId));
  return writeFact(deps, account, stream, request, (adjustment, context) => ({
    type: 'AdjustAccount',
    ...context,
    ...adjustment,
  }));
};
