// Owns what a payer reads of each fact: one line, and the running balance beside it.
// Leaves to the lookup which page of facts is shown and what was owed before it.
import { assertNever } from './brand.ts';
import type { BillReissued, Fact } from './facts.ts';
import type { BillId, PaymentId } from './ids.ts';
import { encodePosition, keyOf, type Position } from './keys.ts';
import { type Minor, negate } from './money.ts';
import { receivableEffect } from './postings.ts';

export type LineType = 'bill' | 'credit-note' | 'payment' | 'refund' | 'adjustment' | 'reversal' | 'decline';

export interface StatementLine {
  readonly position: Position;
  readonly type: LineType;
  readonly occurredAtMs: number;
  /** Bill +, payment −: the effect on what the payer owes. */
  readonly amountMinor: Minor;
  readonly description: string;
  readonly paymentId?: PaymentId;
  readonly billId?: BillId;
}

/** Inside an account facts are ordered by time, and those of one millisecond by key. */
export const byTime = (a: Fact, b: Fact): number => a.occurredAtMs - b.occurredAtMs || (keyOf(a) < keyOf(b) ? -1 : 1);

/**
 * None for a fact that a payer sees nothing of (the opening of the account, what a processor does with money already booked, or says of it), two
 * for a bill issued anew: the credit note and the next revision. Their amounts sum to the fact's effect.
 */
export const statementLines = (fact: Fact): readonly StatementLine[] => {
  const place = { position: encodePosition(fact.accountId, keyOf(fact)), occurredAtMs: fact.occurredAtMs };
  if (fact.type === 'BillReissued') {
    const { creditedBillId, creditedMinor, billId, totalMinor, reason, period } = fact;
    const credit = { type: 'credit-note', description: `Credit note: ${reason}`, billId: creditedBillId } as const;
    const bill = { type: 'bill', description: `Bill for ${period}`, billId } as const;
    return [
      { ...place, amountMinor: negate(creditedMinor), ...credit },
      { ...place, amountMinor: totalMinor, ...bill },
    ];
  }
  const told = tell(fact);
  return told === undefined ? [] : [{ ...place, amountMinor: receivableEffect(fact), ...told }];
};

type Told = Pick<StatementLine, 'type' | 'description' | 'paymentId' | 'billId'>;

const tell = (fact: Exclude<Fact, BillReissued>): Told | undefined => {
  switch (fact.type) {
    case 'AccountOpened':
    case 'ChargeStarted':
    case 'PaymentSettled':
    case 'RefundStarted':
    case 'RefundSettled':
    case 'DifferenceFound':
    case 'FactRepaired':
      return undefined;
    case 'BillIssued':
      return { type: 'bill', description: `Bill for ${fact.period}`, billId: fact.billId };
    case 'CreditNoteIssued':
      return { type: 'credit-note', description: `Credit note: ${fact.reason}`, billId: fact.billId };
    case 'PaymentAccepted':
      return { type: 'payment', description: `Payment by ${fact.method}`, paymentId: fact.paymentId };
    case 'PaymentDeclined':
      return { type: 'decline', description: `Payment declined: ${fact.reason}`, paymentId: fact.paymentId };
    case 'PaymentRefunded':
      return { type: 'refund', description: `Refund: ${fact.reason}`, paymentId: fact.paymentId };
    case 'RefundFailed':
      return { type: 'reversal', description: `Refund failed: ${fact.reason}`, paymentId: fact.paymentId };
    case 'AccountAdjusted':
      return { type: 'adjustment', description: `Adjustment: ${fact.reason}` };
    case 'FactReversed':
      return { type: 'reversal', description: `Reversal: ${fact.reason}`, ...paymentOf(fact.stream) };
    default:
      return assertNever(fact, 'fact');
  }
};

const paymentOf = (stream: string): Pick<StatementLine, 'paymentId'> =>
  stream.startsWith('p#') ? { paymentId: stream.slice(2) as PaymentId } : {};

/** Each line with the balance after it; `openingMinor` is what was owed before the first. */
export const withBalances = (
  openingMinor: bigint,
  lines: readonly StatementLine[],
): readonly (StatementLine & { readonly balanceMinor: bigint })[] => {
  let balanceMinor = openingMinor;
  return lines.map((line) => {
    balanceMinor += line.amountMinor;
    return { ...line, balanceMinor };
  });
};
