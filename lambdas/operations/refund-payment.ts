// Owns `POST /v1/accounts/{accountId}/payments/{paymentId}/refunds`.
// Leaves to domain/decide-payment.ts how much can be refunded.
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

const refuse = (): never => {
  throw new Refusal('payment-not-found', 'There is no such payment on this account');
};

export const refundPayment = async (deps: OperationsDeps, event: ApiEvent): Promise<Reply> => {
  const accountId = requireAccountAccess(event, deps.jurisdiction);
  const account = await deps.accounts.require(accountId);
  const payment = paymentId(pathParameter(event, 'paymentId'));
  if (payment === undefined) return refuse();
  const scope = {
    jurisdiction: deps.jurisdiction,
    accountId,
    path: `/v1/accounts/${accountId}/payments/${payment}/refunds`,
  };
  const request = readKeyedRequest(event, scope, refundPaymentRequest);
  return writeFact(
    deps,
    account,
    paymentStream(payment),
    request,
    (refund, context) => ({ type: 'RefundPayment', ...context, ...refund }),
    (facts) => facts.length > 0 || refuse(),
  );
};
