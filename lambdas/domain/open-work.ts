// Owns what a view keeps of payments that the processor may have something to do for: sums that are all zero once it has not.
// Leaves to settlement.ts what is to be done; this only says where to look.
import type { Fact } from './facts.ts';
import { bookedOn } from './postings.ts';

/** Commutative totals over the facts of one payment's stream. */
export interface OpenWork {
  /** To be collected, minor units. */
  readonly pendingMinor: bigint;
  /** To be sent back, minor units. */
  readonly refundsMinor: bigint;
  /** Charges started and neither collected nor declined: one under way is open even when all of the payment was given up. */
  readonly charges: bigint;
}

/** What the fact adds, computed from it alone; undefined for a fact that is of no payment. */
export const effectOnOpenWork = (fact: Fact): OpenWork | undefined =>
  fact.stream[0] === 'p'
    ? {
        pendingMinor: bookedOn('payments-clearing', fact),
        refundsMinor: bookedOn('refunds-clearing', fact),
        charges: chargesOf(fact),
      }
    : undefined;

const chargesOf = ({ type }: Fact): bigint => {
  if (type === 'ChargeStarted') return 1n;
  return type === 'PaymentSettled' || type === 'PaymentDeclined' ? -1n : 0n;
};
