// Owns `POST /v1/accounts/{accountId}/bills`: over the lines that the operator names, or, without any, over usage and tariff.
// Leaves to domain/decide-bill.ts when a period can be billed, to shared/rated-usage.ts what usage comes to.
import type { AccountOpened, BillLine, BillUsage } from '../domain/facts.ts';
import { foldBill } from '../domain/fold.ts';
import type { Period } from '../domain/ids.ts';
import { billStream } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import type { ApiEvent } from '../shared/http/event.ts';
import { requireValid } from '../shared/http/idempotency.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { issuableUsage } from '../shared/rated-usage.ts';
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
  const { period, dueDate, lines } = requireValid(request);
  const content = lines === undefined ? await contentFromUsage(deps, account, period) : { lines };
  return writeFact(deps, account, billStream(period), request, (_, context) => ({
    type: 'IssueBill',
    ...context,
    period,
    dueDate,
    ...content,
  }));
};

/** A period that is billed already is refused before its usage is looked at. @throws Refusal 409 */
const contentFromUsage = async (
  { ledger, usage }: OperationsDeps,
  account: AccountOpened,
  period: Period,
): Promise<{ readonly lines: readonly BillLine[]; readonly usage: BillUsage }> => {
  const open = foldBill(await ledger.readStream(account.accountId, billStream(period)))?.open;
  if (open !== undefined) {
    throw new Refusal('bill-exists', `${open.billId} is the bill of ${period}: issue it anew with a rebill`);
  }
  return issuableUsage(usage, account, period);
};
