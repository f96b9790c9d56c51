// Owns `PUT /v1/accounts/{accountId}/contact`: where the payer gets notices; null erases it. The newest wins, so it needs no key.
// Leaves the address to the profiles, where it can be corrected and erased; no fact, log or message holds it.
import { requireAccountAccess } from '../shared/http/access.ts';
import { readJsonBody } from '../shared/http/body.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { validated } from '../shared/http/keyed-request.ts';
import { invalidRequest } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { putContactRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';

export const putContact = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  await deps.accounts.require(accountId);
  const request = validated(putContactRequest, {}, readJsonBody(event));
  if (request.kind === 'invalid') throw invalidRequest(request.errors);
  const { email } = request.value;
  await deps.profiles.setEmail(accountId, email);
  return { status: 200, body: { accountId, email } };
};
