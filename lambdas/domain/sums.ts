// Owns the order-free sums a view keeps of an account: what each fact adds to them, and what follows from them.
// Leaves to the view stores how they are kept.
import type { Fact } from './facts.ts';
import { bookedOn, receivableEffect } from './postings.ts';

/** Commutative totals over the facts of one account, in minor units. */
export interface AccountSums {
  /** Bills less credit notes and reversals. */
  readonly billedMinor: bigint;
  /** Payments less refunds, declines and reversals; positive. */
  readonly paidMinor: bigint;
  /** Adjustments less their reversals; either sign. */
  readonly adjustedMinor: bigint;
  /** Payments accepted and neither settled, declined, refunded nor reversed; positive, already in `paidMinor`. */
  readonly pendingMinor: bigint;
  readonly factCount: number;
}

export const EMPTY_SUMS: AccountSums = {
  billedMinor: 0n,
  paidMinor: 0n,
  adjustedMinor: 0n,
  pendingMinor: 0n,
  factCount: 0,
};

/** What the fact adds, computed from it alone: that is what makes the sums independent of order. */
export const effectOnSums = (fact: Fact): AccountSums => {
  const effect = receivableEffect(fact);
  const counted = { ...EMPTY_SUMS, factCount: 1 };
  switch (fact.stream[0]) {
    case 'b':
      return { ...counted, billedMinor: effect };
    case 'p':
      // What is to be collected has an account of its own: every fact says for itself how it moves it.
      return { ...counted, paidMinor: -effect, pendingMinor: bookedOn('payments-clearing', fact) };
    case 'x':
      return { ...counted, adjustedMinor: effect };
    default:
      return counted;
  }
};

export const addSums = (a: AccountSums, b: AccountSums): AccountSums => ({
  billedMinor: a.billedMinor + b.billedMinor,
  paidMinor: a.paidMinor + b.paidMinor,
  adjustedMinor: a.adjustedMinor + b.adjustedMinor,
  pendingMinor: a.pendingMinor + b.pendingMinor,
  factCount: a.factCount + b.factCount,
});

/** Of two sets of facts of which one holds the other: whether they are the same. */
export const equalSums = (a: AccountSums | undefined, b: AccountSums | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : a.factCount === b.factCount &&
      a.billedMinor === b.billedMinor &&
      a.paidMinor === b.paidMinor &&
      a.adjustedMinor === b.adjustedMinor &&
      a.pendingMinor === b.pendingMinor;

/** Positive: the payer owes. */
export const balanceOf = ({ billedMinor, paidMinor, adjustedMinor }: AccountSums): bigint =>
  billedMinor - paidMinor + adjustedMinor;

export const dueOf = (sums: AccountSums): bigint => {
  const balance = balanceOf(sums);
  return balance > 0n ? balance : 0n;
};

/** What of the bills nobody has paid: payments and negative adjustments serve bills oldest first, positive adjustments come last. */
export const outstandingOnBills = ({ billedMinor, paidMinor, adjustedMinor }: AccountSums): bigint => {
  const credits = paidMinor + (adjustedMinor < 0n ? -adjustedMinor : 0n);
  return billedMinor > credits ? billedMinor - credits : 0n;
};
