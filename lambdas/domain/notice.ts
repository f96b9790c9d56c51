// Owns which facts a payer hears of, and what is told: ids and amounts, never a name or a contact.
// Leaves to the notifiers how it is written down and signed.
import { assertNever } from './brand.ts';
import type { Fact } from './facts.ts';
import type { AccountId } from './ids.ts';
import { encodePosition, keyOf, type Position } from './keys.ts';
import { toWire } from './money.ts';

export interface Notice {
  /** The position of the fact: the same however often it is delivered. */
  readonly id: Position;
  readonly type:
    | 'payment-accepted'
    | 'payment-settled'
    | 'payment-declined'
    | 'refund-accepted'
    | 'refund-settled'
    | 'refund-failed'
    | 'bill-issued'
    | 'credit-note-issued';
  readonly accountId: AccountId;
  /** UTC. */
  readonly occurredAt: string;
  readonly currency: string;
  /** A safe integer in the currency's minor unit. */
  readonly amountMinor: number;
  readonly paymentId?: string;
  readonly billId?: string;
  readonly reason?: string;
}

/** Undefined for a fact that nobody is told of by notice. */
export const noticeOf = (fact: Fact): Notice | undefined => {
  const told = tell(fact);
  return (
    told && {
      id: encodePosition(fact.accountId, keyOf(fact)),
      accountId: fact.accountId,
      occurredAt: new Date(fact.occurredAtMs).toISOString(),
      currency: fact.currency,
      ...told,
    }
  );
};

const tell = (fact: Fact): Pick<Notice, 'type' | 'amountMinor' | 'paymentId' | 'billId' | 'reason'> | undefined => {
  switch (fact.type) {
    case 'PaymentAccepted':
      return { type: 'payment-accepted', paymentId: fact.paymentId, amountMinor: toWire(fact.amountMinor) };
    case 'PaymentRefunded': {
      const { paymentId, reason } = fact;
      return { type: 'refund-accepted', paymentId, amountMinor: toWire(fact.amountMinor), reason };
    }
    case 'CreditNoteIssued': {
      const { billId, reason } = fact;
      return { type: 'credit-note-issued', billId, amountMinor: toWire(fact.totalMinor), reason };
    }
    case 'PaymentSettled':
      return { type: 'payment-settled', paymentId: fact.paymentId, amountMinor: toWire(fact.amountMinor) };
    case 'PaymentDeclined': {
      const { paymentId, reason } = fact;
      return { type: 'payment-declined', paymentId, amountMinor: toWire(fact.undoneMinor), reason };
    }
    case 'RefundSettled':
      return { type: 'refund-settled', paymentId: fact.paymentId, amountMinor: toWire(fact.amountMinor) };
    case 'RefundFailed': {
      const { paymentId, reason } = fact;
      return { type: 'refund-failed', paymentId, amountMinor: toWire(fact.undoneMinor), reason };
    }
    case 'BillIssued':
    case 'BillReissued':
      return { type: 'bill-issued', billId: fact.billId, amountMinor: toWire(fact.totalMinor) };
    // Bookkeeping, and what an operator settles with the payer in person.
    case 'AccountOpened':
    case 'AccountAdjusted':
    case 'FactReversed':
    case 'ChargeStarted':
    case 'RefundStarted':
    case 'DifferenceFound':
    case 'FactRepaired':
      return undefined;
    default:
      return assertNever(fact, 'fact');
  }
};
