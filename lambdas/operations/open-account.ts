// Owns `POST /v1/accounts`: once, and the same body again changes nothing. It has no Idempotency-Key: the id is one.
// Leaves the name to the profiles, where it can be corrected and erased; no fact holds it.
import type { OpenAccount } from '../domain/commands.ts';
import { decideOpenAccount } from '../domain/decide-account.ts';
import { accountId, commandId } from '../domain/ids.ts';
import { created } from '../shared/fact-answers.ts';
import { requireJurisdiction, requireScope } from '../shared/http/access.ts';
import { readJsonBody } from '../shared/http/body.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { validated } from '../shared/http/keyed-request.ts';
import { invalidRequest, Refusal } from '../shared/http/problem.ts';
import { refusalOf } from '../shared/http/rejection.ts';
import type { Reply } from '../shared/http/reply.ts';
import { openAccountRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';

export const openAccount = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  requireScope(event);
  const { accountId, name, currency, timeZone } = readRequest(deps.jurisdiction, readJsonBody(event));
  const command: OpenAccount = {
    type: 'OpenAccount',
    commandId: commandId({
      jurisdiction: deps.jurisdiction,
      accountId,
      path: '/v1/accounts',
      idempotencyKey: accountId,
    }),
    // Not the name: it can be corrected and erased, a fact and its fingerprint cannot.
    body: { accountId, currency, timeZone },
    region: deps.region,
    nowMs: deps.clock.nowMs(),
    accountId,
    currency,
    timeZone,
  };
  const first = decideOpenAccount([], command);
  const result = first.kind === 'append' ? await deps.ledger.append(first.fact) : undefined;
  const decision = result?.kind === 'occupied' ? decideOpenAccount([result.fact], command) : first;
  if (decision.kind === 'rejected') throw refusalOf(decision);
  // After the fact: a name of an account that was never opened would be nobody's to erase, and in the way of the right one.
  // A retry of a request that ended in between finds the fact and comes here again.
  const profile = await deps.profiles.putIfAbsent({ accountId, name });
  if (profile.name !== name) throw new Refusal('account-exists', 'The account has another name');
  const opened = created(decision.fact);
  return decision.kind === 'replay' ? { ...opened, status: 200 } : opened;
};

/** Another jurisdiction is told before anything else in the body is looked at, as for an id in a path. */
const readRequest = (jurisdiction: string, body: unknown) => {
  const sent: unknown = typeof body === 'object' && body !== null && 'accountId' in body ? body.accountId : undefined;
  const id = typeof sent === 'string' ? accountId(sent) : undefined;
  if (id !== undefined) requireJurisdiction(id, jurisdiction);
  const request = validated(openAccountRequest, {}, body);
  if (request.kind === 'invalid') throw invalidRequest(request.errors);
  return request.value;
};
