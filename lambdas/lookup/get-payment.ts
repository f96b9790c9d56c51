// Owns `GET /v1/accounts/{accountId}/payments/{paymentId}`: what has become of a payment.
// Leaves to domain/fold.ts what its facts amount to.
import { foldPayment, type PaymentState } from '../domain/fold.ts';
import { type PaymentId, paymentId } from '../domain/ids.ts';
import { paymentStream } from '../domain/keys.ts';
import { toWire } from '../domain/money.ts';
import { instantOf, paymentBody, positionOf } from '../shared/fact-answers.ts';
import { pathParameter } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { AccountRoute } from './account-route.ts';

export const getPayment: AccountRoute<PaymentId> = {
  notFound: 'payment-not-found',
  query: (event) => {
    const id = paymentId(pathParameter(event, 'paymentId'));
    if (id === undefined) throw new Refusal('payment-not-found', 'A payment id looks like pay_ and 52 characters');
    return id;
  },
  stream: paymentStream,
  read: async (view, id) => {
    const facts = await view.stream(paymentStream(id));
    const payment = foldPayment(facts);
    return payment && { body: paymentDocument(payment), newest: facts.at(-1) };
  },
};

const paymentDocument = ({ accepted, refunds, remainingMinor, declined }: PaymentState): object => {
  const standing = refunds.filter(({ reversed }) => !reversed).map(({ fact }) => fact);
  const refundedMinor = standing.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return {
    ...paymentBody(accepted),
    method: accepted.method,
    status: declined ? 'declined' : 'accepted',
    refundedMinor: toWire(refundedMinor),
    remainingMinor: toWire(remainingMinor),
    refunds: refunds.map(({ fact, reversed }) => ({
      amountMinor: toWire(fact.amountMinor),
      reason: fact.reason,
      reversed,
      refundedAt: instantOf(fact),
      position: positionOf(fact),
    })),
  };
};
