// Owns what may happen to a payment: accepted once, then declined, refunded or reversed, never by more than is left of it.
// Leaves to the writer that the facts are the whole stream, read strongly.
import type { DeclinePayment, PostPayment, RefundPayment, ReverseFact } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected, replayOf, requireEmpty, reversalOf } from './decision.ts';
import type { Fact, FactReversed, PaymentAccepted, PaymentDeclined, PaymentRefunded } from './facts.ts';
import type { PaymentState } from './fold.ts';
import { paymentIdOf } from './ids.ts';
import { paymentStream } from './keys.ts';
import { type Minor, minor, negate, requireAmount } from './money.ts';
import { onPayment } from './on-payment.ts';
import { clearingOf, foldSettlement } from './settlement.ts';

/** A payment opens its own stream, so nothing has to be read to decide it; `facts` is what a lost race brought back, or empty. */
export const decidePostPayment = (facts: readonly Fact[], command: PostPayment): Decision<PaymentAccepted> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const { account } = command;
  if (command.currency !== account.currency) {
    return rejected('currency-mismatch', `The account is in ${account.currency}, got ${command.currency}`);
  }
  const amountMinor = requireAmount(command.amountMinor, 'a payment');
  const paymentId = paymentIdOf(command.commandId);
  requireEmpty(facts, paymentStream(paymentId));
  const place = nextPlace(paymentStream(paymentId), facts, [account], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: {
      ...factBase(command, account, place, negate(amountMinor)),
      type: 'PaymentAccepted',
      paymentId,
      amountMinor,
      method: command.method,
    },
  };
};

/** Undoes whatever is left of the payment, which may be nothing: that it was declined is worth recording all the same. */
export const decideDeclinePayment = (facts: readonly Fact[], command: DeclinePayment): Decision<PaymentDeclined> =>
  onPayment(facts, command, (payment) => {
    if (payment.declined) return rejected('already-reversed', 'The payment was declined already');
    if (foldSettlement(facts).settled) return rejected('not-reversible', 'The payment is settled: refund it instead');
    return placed(facts, command, payment, payment.remainingMinor, (base) => ({
      ...base,
      type: 'PaymentDeclined',
      paymentId: payment.accepted.paymentId,
      undoneMinor: payment.remainingMinor,
      reason: command.reason,
    }));
  });

export const decideRefundPayment = (facts: readonly Fact[], command: RefundPayment): Decision<PaymentRefunded> =>
  onPayment(facts, command, (payment) => {
    const amountMinor = requireAmount(command.amountMinor, 'a refund');
    if (isClosed(payment) || amountMinor > payment.remainingMinor) {
      const left = isClosed(payment) ? 0n : payment.remainingMinor;
      return rejected('refund-exceeds-payment', `${left} of the payment can be refunded, got ${amountMinor}`);
    }
    return placed(facts, command, payment, amountMinor, (base) => ({
      ...base,
      type: 'PaymentRefunded',
      paymentId: payment.accepted.paymentId,
      amountMinor,
      reason: command.reason,
    }));
  });

/** Of the payment: undoes what is left of it and closes it. Of a refund: takes it back, while the payment itself still stands. */
export const decideReverseOnPayment = (facts: readonly Fact[], command: ReverseFact): Decision<FactReversed> =>
  onPayment(facts, command, (payment) => {
    const effect = reversalEffect(facts, command, payment);
    if (typeof effect !== 'bigint') return effect;
    return reversalOf(payment.accepted.stream, facts, command, effect, clearingOf(facts));
  });

const reversalEffect = (
  facts: readonly Fact[],
  command: ReverseFact,
  payment: PaymentState,
): Minor | Decision<never> => {
  const target = facts.find((fact) => fact.ordinal === command.reversedOrdinal);
  if (target === undefined) return rejected('position-not-found', 'There is no fact at this position');
  if (target.type !== 'PaymentAccepted' && target.type !== 'PaymentRefunded') {
    return rejected('not-reversible', `A ${target.type} cannot be reversed`);
  }
  if (isClosed(payment))
    return rejected('already-reversed', 'The payment was reversed or declined: nothing of it is left to undo');
  if (target.type === 'PaymentAccepted') {
    return payment.remainingMinor > 0n
      ? payment.remainingMinor
      : rejected('already-reversed', 'The payment was refunded in full: nothing of it is left to undo');
  }
  const refund = payment.refunds.find(({ fact }) => fact.ordinal === target.ordinal);
  if (refund?.reversed) return rejected('already-reversed', 'The refund was reversed already');
  return refundIsOut(facts, target.ordinal) ?? minor(-target.amountMinor);
};

/** A refund can be taken back only until the processor acts on it: by charging that much less, or by sending money. */
const refundIsOut = (facts: readonly Fact[], ordinal: number): Decision<never> | undefined => {
  const { charge, moneyBack } = foldSettlement(facts);
  const back = moneyBack.find((one) => one.ordinal === ordinal);
  if (back?.failed) return rejected('already-reversed', 'The refund failed and was undone');
  if (back?.started) return rejected('not-reversible', 'The refund is on its way to the payer');
  return charge !== undefined && ordinal < charge.ordinal
    ? rejected('not-reversible', 'The payer was charged that much less: take a new payment')
    : undefined;
};

const isClosed = ({ declined, reversed }: PaymentState): boolean => declined || reversed;

const placed = <F extends Fact>(
  facts: readonly Fact[],
  command: DeclinePayment | RefundPayment,
  payment: PaymentState,
  effect: Minor,
  toFact: (base: ReturnType<typeof factBase>) => F,
): Decision<F> => {
  const place = nextPlace(payment.accepted.stream, facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  return { kind: 'append', fact: toFact(factBase(command, command.account, place, effect, clearingOf(facts))) };
};
