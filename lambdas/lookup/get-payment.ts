// Owns `GET /v1/accounts/{accountId}/payments/{paymentId}`: what has become of a payment.
// Leaves to domain/fold.ts what its facts amount to.
import { foldPayment, type PaymentState } from '../domain/fold.ts';
import { type PaymentId, paymentId } from '../domain/ids.ts';
import { paymentStream } from '../domain/keys.ts';
import { toWire } from '../domain/money.ts';
import { foldSettlement, type MoneyBack, type SettlementState } from '../domain/settlement.ts';
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
    return payment && { body: paymentDocument(payment, foldSettlement(facts)), newest: facts.at(-1) };
  },
};

const paymentDocument = (payment: PaymentState, settlement: SettlementState): object => {
  const { accepted, refunds, remainingMinor, declined } = payment;
  const backOf = (ordinal: number) => settlement.moneyBack.find((back) => back.ordinal === ordinal);
  const standing = refunds
    .filter(({ fact, reversed }) => !reversed && backOf(fact.ordinal)?.failed === undefined)
    .map(({ fact }) => fact);
  const refundedMinor = standing.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return {
    ...paymentBody(accepted),
    method: accepted.method,
    status: declined ? 'declined' : settlement.settled ? 'settled' : 'accepted',
    refundedMinor: toWire(refundedMinor),
    remainingMinor: toWire(remainingMinor),
    refunds: refunds.map(({ fact, reversed }) => ({
      amountMinor: toWire(fact.amountMinor),
      reason: fact.reason,
      reversed,
      status: refundStatus(backOf(fact.ordinal), payment, settlement),
      refundedAt: instantOf(fact),
      position: positionOf(fact),
    })),
  };
};

/** `settled` also where there is nothing to send: the payer was charged that much less, or not at all. */
const refundStatus = (
  back: MoneyBack | undefined,
  { declined, remainingMinor }: PaymentState,
  { charge, settled }: SettlementState,
): 'accepted' | 'settled' | 'failed' => {
  if (back?.failed !== undefined) return 'failed';
  if (back?.settled !== undefined || declined) return 'settled';
  const wasNeverCharged = charge === undefined ? remainingMinor === 0n : back === undefined && settled !== undefined;
  return wasNeverCharged ? 'settled' : 'accepted';
};
