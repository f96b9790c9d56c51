// Owns `POST /v1/accounts/{accountId}/bills/{billId}/rebills`: the bill credited and issued anew over what is known of its usage now.
// Leaves to domain/decide-rebill.ts that both happen or neither, to shared/rated-usage.ts what usage comes to.
import { dueAfter, laterDate } from '../domain/due-date.ts';
import { foldBill } from '../domain/fold.ts';
import { parseBillId, billId as toBillId } from '../domain/ids.ts';
import { billStream } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import { type ApiEvent, pathParameter } from '../shared/http/event.ts';
import { requireValid } from '../shared/http/idempotency.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { issuableUsage } from '../shared/rated-usage.ts';
import { rebillRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { replayFact, writeFact } from './write-fact.ts';

const refuse = (): never => {
  throw new Refusal('bill-not-found', 'There is no such bill on this account');
};

export const rebill = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const { period, revision } = parseBillId(pathParameter(event, 'billId')) ?? refuse();
  const billId = toBillId(period, revision);
  const scope = {
    jurisdiction: deps.jurisdiction,
    accountId,
    path: `/v1/accounts/${accountId}/bills/${billId}/rebills`,
  };
  const request = readKeyedRequest(event, scope, rebillRequest);
  const stream = billStream(period);
  const facts = await deps.ledger.readStream(accountId, stream);
  const own = facts.find(({ commandId }) => commandId === request.commandId);
  if (own !== undefined) return replayFact(own, request);
  const credited = foldBill(facts)?.revisions.find(({ fact }) => fact.billId === billId) ?? refuse();
  const { reason } = requireValid(request);
  if (credited.undone) throw new Refusal('already-reversed', `${billId} was credited or reversed already`);
  const content = await issuableUsage(deps.usage, account, period);
  const dueDate = laterDate(credited.fact.dueDate, dueAfter(deps.clock.nowMs(), account.timeZone));
  return writeFact(deps, account, stream, request, (_, context) => ({
    type: 'ReissueBill',
    ...context,
    billId,
    dueDate,
    reason,
    ...content,
  }));
};
