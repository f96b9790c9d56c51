// Owns what the processor has done for a payment, and what is left for it to do.
// Leaves to decide-settlement.ts which facts may be written, to the worker the talk with the processor.
import type { ChargeStarted, Fact, PaymentSettled, RefundFailed, RefundSettled, RefundStarted } from './facts.ts';
import { foldPayment, inOrder } from './fold.ts';
import type { PaymentId } from './ids.ts';
import type { Minor } from './money.ts';
import type { Counterpart } from './postings.ts';

/** Money that is, or will be, collected although a refund or reversal has given it up: it is to be sent back. */
export interface MoneyBack {
  /** Of the refund or reversal. */
  readonly ordinal: number;
  readonly amountMinor: Minor;
  readonly started?: RefundStarted;
  readonly settled?: RefundSettled;
  readonly failed?: RefundFailed;
}

export interface SettlementState {
  readonly charge?: ChargeStarted;
  readonly settled?: PaymentSettled;
  /** By ordinal. What was given up before the charge was started is not among it: the charge was smaller by that. */
  readonly moneyBack: readonly MoneyBack[];
}

/** Of the facts of one payment's stream, in any order. */
export const foldSettlement = (facts: readonly Fact[]): SettlementState => {
  const ordered = inOrder(facts);
  const charge = ordered.find((fact) => fact.type === 'ChargeStarted');
  if (charge === undefined) return { moneyBack: [] };
  const settled = ordered.find((fact) => fact.type === 'PaymentSettled');
  return { charge, ...(settled && { settled }), moneyBack: moneyBackAfter(charge, ordered) };
};

const moneyBackAfter = (charge: ChargeStarted, ordered: readonly Fact[]): readonly MoneyBack[] => {
  const taken = new Set(ordered.flatMap((fact) => (fact.type === 'FactReversed' ? [fact.reversedOrdinal] : [])));
  return ordered.flatMap((fact): readonly MoneyBack[] => {
    if (fact.ordinal < charge.ordinal || taken.has(fact.ordinal)) return [];
    const amountMinor = givenUp(fact);
    if (amountMinor === undefined) return [];
    const of = (later: Fact) => 'refundedOrdinal' in later && later.refundedOrdinal === fact.ordinal;
    const started = ordered.find((later) => later.type === 'RefundStarted' && of(later)) as RefundStarted | undefined;
    const settled = ordered.find((later) => later.type === 'RefundSettled' && of(later)) as RefundSettled | undefined;
    const failed = ordered.find((later) => later.type === 'RefundFailed' && of(later)) as RefundFailed | undefined;
    const outcome = { ...(started && { started }), ...(settled && { settled }), ...(failed && { failed }) };
    return [{ ordinal: fact.ordinal, amountMinor, ...outcome }];
  });
};

/** What a refund, or the reversal of the payment itself, gives up of it. */
const givenUp = (fact: Fact): Minor | undefined => {
  if (fact.type === 'PaymentRefunded') return fact.amountMinor;
  return fact.type === 'FactReversed' && fact.reversedOrdinal === 0 ? fact.effectMinor : undefined;
};

/** Which account stands against the receivable: once money is collected, undoing a payment means sending it back. */
export const clearingOf = (facts: readonly Fact[]): Counterpart =>
  foldSettlement(facts).settled === undefined ? 'payments-clearing' : 'refunds-clearing';

/** Our name for money that goes back, unique for ever and without any text of a client. */
export const refundReference = (paymentId: PaymentId, ordinal: number): string => `${paymentId}_${ordinal}`;

export type SettlementStep =
  | { readonly kind: 'prepare-charge'; readonly amountMinor: Minor }
  | { readonly kind: 'confirm-charge'; readonly charge: ChargeStarted }
  | { readonly kind: 'start-refund'; readonly back: MoneyBack }
  | { readonly kind: 'send-refund'; readonly charge: ChargeStarted; readonly started: RefundStarted };

/**
 * What the processor has to do next for the payment; undefined when nothing is open. A payment given up before its charge was
 * started is never charged. What is given up while a charge is under way is collected first and then sent back: whether the
 * processor collects it can no longer be stopped reliably.
 */
export const nextStep = (facts: readonly Fact[]): SettlementStep | undefined => {
  const payment = foldPayment(facts);
  if (payment === undefined || payment.declined) return undefined;
  const { charge, settled, moneyBack } = foldSettlement(facts);
  if (charge === undefined) {
    const amountMinor = payment.remainingMinor;
    return amountMinor > 0n ? { kind: 'prepare-charge', amountMinor } : undefined;
  }
  if (settled === undefined) return { kind: 'confirm-charge', charge };
  const back = moneyBack.find((one) => one.settled === undefined && one.failed === undefined);
  if (back === undefined) return undefined;
  return back.started === undefined
    ? { kind: 'start-refund', back }
    : { kind: 'send-refund', charge, started: back.started };
};
