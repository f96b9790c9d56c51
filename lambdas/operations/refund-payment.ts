// Owns `POST /v1/accounts/{accountId}/payments/{paymentId}/refunds`.
// Leaves to domain/decide-payment.ts how much can be refunded.
import type { Fact } from '../domain/facts.ts';
import { paymentId } from '../domain/ids.ts';
import { paymentStream } from '../domain/keys.ts';
import { requireAccountAccess } from '../shared/http/access.ts';
import { type ApiEvent, pathParameter } from '../shared/http/event.ts';
import { readKeyedRequest } from '../shared/http/keyed-request.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import { refundPaymentRequest } from '../shared/schemas/requests.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { writeFact } from './write-fact.ts';

const notFound = () => new Refusal('payment-not-found', 'There is no such payment on this account');

/** @throws Refusal 404 */
const requirePayment = (facts: readonly Fact[]): void => {
  if (facts.length === 0) throw notFound();
};

export const refundPayment = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const payment = paymentId(pathParameter(event, 'paymentId'));
  if (payment === undefined) throw notFound();
  const scope = {
    jurisdiction: deps.jurisdiction,
    accountId,
    path: `/v1/accounts/${accountId}/payments/${payment}/refunds`,
  };
  const stream = paymentStream(payment);
  const request = await readRequest(
    () => readKeyedRequest(event, scope, refundPaymentRequest),
    async () => requirePayment(await deps.ledger.readStream(accountId, stream)),
  );
  return writeFact(
    deps,
    account,
    stream,
    request,
    (refund, context) => ({ type: 'RefundPayment', ...context, ...refund }),
    requirePayment,
  );
};

/** A payment that is not there is told before what is wrong with the body; it is looked for here only if something is. */
const readRequest = async <T>(read: () => T, requireTarget: () => Promise<void>): Promise<T> => {
  try {
    return read();
  } catch (refusal) {
    await requireTarget();
    throw refusal;
  }
};
