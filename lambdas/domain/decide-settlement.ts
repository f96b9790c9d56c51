// Owns what may be recorded of a processor's work on a payment: started once, settled or declined once, each refund sent once.
// Leaves to settlement.ts what is open, and declines, which undo a payment, to decide-payment.ts.
import type { FailRefund, SettlePayment, SettleRefund, StartCharge, StartRefund } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected } from './decision.ts';
import type {
  ChargeStarted,
  Fact,
  PaymentSettled,
  Posting,
  RefundFailed,
  RefundSettled,
  RefundStarted,
} from './facts.ts';
import { foldPayment, type PaymentState } from './fold.ts';
import { negate, ZERO } from './money.ts';
import { onPayment } from './on-payment.ts';
import { postingsOf, sentBackPostings, settlementPostings } from './postings.ts';
import { foldSettlement, type MoneyBack, type SettlementState } from './settlement.ts';

type SettlementCommand = StartCharge | SettlePayment | StartRefund | SettleRefund | FailRefund;

/** One charge a payment: whoever comes second, with whatever reference, gets the first one's. */
export const decideStartCharge = (facts: readonly Fact[], command: StartCharge): Decision<ChargeStarted> =>
  onSettlement(facts, command, (payment, { charge }) => {
    if (charge !== undefined) return { kind: 'replay', fact: charge };
    if (payment.declined || payment.remainingMinor !== command.amountMinor) {
      const left = payment.declined ? 0n : payment.remainingMinor;
      return rejected('not-reversible', `${left} of the payment can be charged, ${command.amountMinor} was prepared`);
    }
    const { processor, reference, amountMinor } = command;
    return placed(facts, command, [], (base) => ({
      ...base,
      type: 'ChargeStarted',
      processor,
      reference,
      amountMinor,
    }));
  });

/** @throws Error for a payment whose charge was never started: nothing can have been collected under a recorded reference */
export const decideSettlePayment = (facts: readonly Fact[], command: SettlePayment): Decision<PaymentSettled> =>
  onSettlement(facts, command, (payment, { charge, settled }) => {
    if (settled !== undefined) return { kind: 'replay', fact: settled };
    if (charge === undefined) throw new Error(`no charge of ${payment.accepted.paymentId} was started`);
    if (payment.declined) return rejected('not-reversible', 'The payment was declined: its effect is undone');
    const { amountMinor } = charge;
    const postings = settlementPostings(amountMinor, payment.remainingMinor);
    return placed(facts, command, postings, (base) => ({ ...base, type: 'PaymentSettled', amountMinor }));
  });

export const decideStartRefund = (facts: readonly Fact[], command: StartRefund): Decision<RefundStarted> =>
  onSettlement(facts, command, (_, { settled, moneyBack }) => {
    const back = moneyBack.find(({ ordinal }) => ordinal === command.refundedOrdinal);
    if (settled === undefined || back === undefined) {
      return rejected('already-reversed', `Nothing of ordinal ${command.refundedOrdinal} is to be sent back`);
    }
    if (back.started !== undefined) return { kind: 'replay', fact: back.started };
    const { reference } = command;
    const { ordinal: refundedOrdinal, amountMinor } = back;
    return placed(facts, command, [], (base) => ({
      ...base,
      type: 'RefundStarted',
      refundedOrdinal,
      reference,
      amountMinor,
    }));
  });

export const decideSettleRefund = (facts: readonly Fact[], command: SettleRefund): Decision<RefundSettled> =>
  onSettlement(facts, command, (_, state) => {
    const { settled, failed, started } = startedBack(state, command.refundedOrdinal);
    if (settled !== undefined) return { kind: 'replay', fact: settled };
    if (failed !== undefined) return rejected('already-reversed', 'The refund failed and was undone');
    const { amountMinor, refundedOrdinal } = started;
    return placed(facts, command, sentBackPostings(amountMinor), (base) => ({
      ...base,
      type: 'RefundSettled',
      refundedOrdinal,
      amountMinor,
    }));
  });

/** The payer does not get the money, so the refund is undone: what is owed falls by it again. */
export const decideFailRefund = (facts: readonly Fact[], command: FailRefund): Decision<RefundFailed> =>
  onSettlement(facts, command, (_, state) => {
    const { settled, failed, started } = startedBack(state, command.refundedOrdinal);
    if (failed !== undefined) return { kind: 'replay', fact: failed };
    if (settled !== undefined) return rejected('not-reversible', 'The refund is settled');
    const { amountMinor: undoneMinor, refundedOrdinal } = started;
    return placed(facts, command, postingsOf(negate(undoneMinor), 'refunds-clearing'), (base) => ({
      ...base,
      type: 'RefundFailed',
      refundedOrdinal,
      undoneMinor,
      reason: command.reason,
    }));
  });

/** @throws Error when the sending was never started: there can be no outcome of it */
const startedBack = (
  { moneyBack }: SettlementState,
  ordinal: number,
): MoneyBack & { readonly started: RefundStarted } => {
  const back = moneyBack.find((one) => one.ordinal === ordinal);
  if (back?.started === undefined) throw new Error(`no refund of ordinal ${ordinal} was started`);
  return { ...back, started: back.started };
};

const onSettlement = <F extends Fact>(
  facts: readonly Fact[],
  command: SettlementCommand,
  decide: (payment: PaymentState, settlement: SettlementState) => Decision<F>,
): Decision<F> => onPayment(facts, command, (payment) => decide(payment, foldSettlement(facts)));

type PaymentFactBase = ReturnType<typeof factBase> & Pick<ChargeStarted, 'paymentId'>;

const placed = <F extends Fact>(
  facts: readonly Fact[],
  command: SettlementCommand,
  postings: readonly Posting[],
  toFact: (base: PaymentFactBase) => F,
): Decision<F> => {
  const accepted = foldPayment(facts)?.accepted;
  if (accepted === undefined) throw new Error('a payment that was folded has its opening fact');
  const place = nextPlace(accepted.stream, facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  const base = factBase(command, command.account, place, ZERO);
  return { kind: 'append', fact: toFact({ ...base, postings, paymentId: accepted.paymentId }) };
};
