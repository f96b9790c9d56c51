// Owns the double entry: which ledger accounts a fact moves, and by how much.
// Leaves to decide-*.ts how large the effect is.
import { assertNever } from './brand.ts';
import type { Fact, LedgerAccount, Posting } from './facts.ts';
import { type Minor, minor, negate } from './money.ts';

/** The account on the other side of the receivable. */
export type Counterpart = Exclude<LedgerAccount, 'receivable'>;

export const LEDGER_ACCOUNTS = [
  'receivable',
  'revenue',
  'payments-clearing',
  'adjustments',
] as const satisfies readonly LedgerAccount[];

/** Debit and credit of one effect on what the payer owes (positive: owes more); none when nothing moves. */
export const postingsOf = (effectMinor: Minor, counterpart: Counterpart): readonly Posting[] =>
  effectMinor === 0n
    ? []
    : [
        { ledgerAccount: 'receivable', amountMinor: effectMinor },
        { ledgerAccount: counterpart, amountMinor: negate(effectMinor) },
      ];

/** What the fact adds to the amount the payer owes: the sum of its receivable postings. */
export const receivableEffect = ({ postings }: Pick<Fact, 'postings'>): Minor =>
  minor(
    postings.reduce<bigint>(
      (sum, { ledgerAccount, amountMinor }) => (ledgerAccount === 'receivable' ? sum + amountMinor : sum),
      0n,
    ),
  );

/** Which side of the books the streams of a kind move against the receivable. */
export const counterpartOf = (stream: string): Counterpart | undefined => {
  switch (stream[0]) {
    case 'b':
      return 'revenue';
    case 'p':
      return 'payments-clearing';
    case 'x':
      return 'adjustments';
    default:
      return undefined;
  }
};

/** What the fact says of itself that its receivable effect must be. */
export const statedEffect = (fact: Fact): bigint => {
  switch (fact.type) {
    case 'AccountOpened':
      return 0n;
    case 'BillIssued':
      return fact.totalMinor;
    case 'CreditNoteIssued':
      return -fact.totalMinor;
    case 'PaymentAccepted':
      return -fact.amountMinor;
    case 'PaymentDeclined':
      return fact.undoneMinor;
    case 'PaymentRefunded':
    case 'AccountAdjusted':
      return fact.amountMinor;
    case 'FactReversed':
      return fact.effectMinor;
    default:
      return assertNever(fact, 'fact');
  }
};
