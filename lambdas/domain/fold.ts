// Owns what the facts of one stream amount to, whatever their order and however often each is given.
// Leaves to decide-*.ts what may come next.
import type { AccountAdjusted, BillRevision, Fact, FactReversed, PaymentAccepted, PaymentRefunded } from './facts.ts';
import { type Minor, minor } from './money.ts';
import { receivableEffect } from './postings.ts';

/** By ordinal, each once. Facts of other streams must not be among them. */
export const inOrder = (facts: readonly Fact[]): readonly Fact[] => [
  ...new Map([...facts].sort((a, b) => a.ordinal - b.ordinal).map((fact) => [fact.ordinal, fact])).values(),
];

/** The sum of all effects on what the payer owes. */
export const netEffect = (facts: readonly Fact[]): Minor =>
  minor(inOrder(facts).reduce<bigint>((sum, fact) => sum + receivableEffect(fact), 0n));

export interface PaymentState {
  readonly accepted: PaymentAccepted;
  /** What of the payment nothing has undone yet; it can still be refunded, declined or reversed. */
  readonly remainingMinor: Minor;
  readonly refunds: readonly { readonly fact: PaymentRefunded; readonly reversed: boolean }[];
  readonly declined: boolean;
  /** The payment itself, not one of its refunds. */
  readonly reversed: boolean;
}

/** Undefined while the stream lacks its opening fact. */
export const foldPayment = (facts: readonly Fact[]): PaymentState | undefined => {
  const ordered = inOrder(facts);
  const accepted = ordered.find((fact) => fact.type === 'PaymentAccepted');
  if (accepted === undefined) return undefined;
  const reversals = reversedOrdinals(ordered);
  return {
    accepted,
    remainingMinor: minor(-netEffect(ordered)),
    refunds: ordered
      .filter((fact) => fact.type === 'PaymentRefunded')
      .map((fact) => ({ fact, reversed: reversals.has(fact.ordinal) })),
    declined: ordered.some((fact) => fact.type === 'PaymentDeclined'),
    reversed: reversals.has(accepted.ordinal),
  };
};

export interface BillState {
  /** The newest revision. */
  readonly latest: BillRevision;
  readonly revisions: readonly { readonly fact: BillRevision; readonly undone: boolean }[];
  /** The revision that is in force; absent when the newest is credited or reversed. */
  readonly open?: BillRevision;
}

/** Undefined while the stream holds no bill. */
export const foldBill = (facts: readonly Fact[]): BillState | undefined => {
  const ordered = inOrder(facts);
  const undone = reversedOrdinals(ordered);
  for (const fact of ordered) {
    if (fact.type === 'CreditNoteIssued' || fact.type === 'BillReissued') undone.add(fact.creditedOrdinal);
  }
  const revisions = ordered
    .filter((fact) => fact.type === 'BillIssued' || fact.type === 'BillReissued')
    .map((fact) => ({ fact, undone: undone.has(fact.ordinal) }));
  const newest = revisions.at(-1);
  if (newest === undefined) return undefined;
  return { latest: newest.fact, revisions, ...(newest.undone ? {} : { open: newest.fact }) };
};

export interface AdjustmentState {
  readonly adjusted: AccountAdjusted;
  readonly reversed: boolean;
}

export const foldAdjustment = (facts: readonly Fact[]): AdjustmentState | undefined => {
  const ordered = inOrder(facts);
  const adjusted = ordered.find((fact) => fact.type === 'AccountAdjusted');
  return adjusted && { adjusted, reversed: reversedOrdinals(ordered).has(adjusted.ordinal) };
};

const reversedOrdinals = (facts: readonly Fact[]): Set<number> =>
  new Set(
    facts.filter((fact): fact is FactReversed => fact.type === 'FactReversed').map((fact) => fact.reversedOrdinal),
  );
