// Owns the double entry: which ledger accounts a fact moves, and by how much.
// Leaves to decide-*.ts how large the effect is.
import { assertNever } from './brand.ts';
import type { Fact, LedgerAccount, Posting } from './facts.ts';
import { type Minor, minor, negate } from './money.ts';

/** The account on the other side of the receivable. */
export type Counterpart = Exclude<LedgerAccount, 'receivable' | 'cash'>;

export const LEDGER_ACCOUNTS = [
  'receivable',
  'revenue',
  'payments-clearing',
  'refunds-clearing',
  'cash',
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

/** What is collected, out of what was to be collected and, where that was given up meanwhile, into what is to be sent back. */
export const settlementPostings = (collectedMinor: Minor, remainingMinor: Minor): readonly Posting[] =>
  [
    { ledgerAccount: 'cash' as const, amountMinor: collectedMinor },
    { ledgerAccount: 'payments-clearing' as const, amountMinor: negate(remainingMinor) },
    { ledgerAccount: 'refunds-clearing' as const, amountMinor: minor(remainingMinor - collectedMinor) },
  ].filter(({ amountMinor }) => amountMinor !== 0n);

/** What was to be sent back has left. */
export const sentBackPostings = (amountMinor: Minor): readonly Posting[] => [
  { ledgerAccount: 'refunds-clearing', amountMinor },
  { ledgerAccount: 'cash', amountMinor: negate(amountMinor) },
];

/** What the fact books on one account of the chart. */
export const bookedOn = (account: LedgerAccount, { postings }: Pick<Fact, 'postings'>): Minor =>
  minor(
    postings.reduce<bigint>(
      (sum, { ledgerAccount, amountMinor }) => (ledgerAccount === account ? sum + amountMinor : sum),
      0n,
    ),
  );

/** What the fact adds to the amount the payer owes: the sum of its receivable postings. */
export const receivableEffect = (fact: Pick<Fact, 'postings'>): Minor => bookedOn('receivable', fact);

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
    case 'ChargeStarted':
    case 'PaymentSettled':
    case 'RefundStarted':
    case 'RefundSettled':
    case 'DifferenceFound':
    case 'FactRepaired':
      return 0n;
    case 'BillIssued':
      return fact.totalMinor;
    case 'BillReissued':
      return fact.totalMinor - fact.creditedMinor;
    case 'CreditNoteIssued':
      return -fact.totalMinor;
    case 'PaymentAccepted':
      return -fact.amountMinor;
    case 'PaymentDeclined':
      return fact.undoneMinor;
    case 'RefundFailed':
      return -fact.undoneMinor;
    case 'PaymentRefunded':
    case 'AccountAdjusted':
      return fact.amountMinor;
    case 'FactReversed':
      return fact.effectMinor;
    default:
      return assertNever(fact, 'fact');
  }
};
