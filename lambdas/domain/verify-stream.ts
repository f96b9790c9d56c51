// Owns whether the facts of one stream can stand together: no ordinal missing, each one possible after those before it.
// Leaves to codec.ts whether each of them is a fact at all, to verify-account.ts what follows from a problem.
import type { Fact, FactType } from './facts.ts';
import { foldBill, foldPayment, inOrder } from './fold.ts';
import type { StreamId } from './keys.ts';

export interface StreamProblem {
  /** The first ordinal that is wrong; those after it are not judged. */
  readonly ordinal: number;
  readonly problem: string;
}

/** What opens a stream, and what may follow in it. */
const KINDS: Readonly<Record<string, { readonly opening: FactType; readonly later: readonly FactType[] }>> = {
  a: { opening: 'AccountOpened', later: [] },
  b: { opening: 'BillIssued', later: ['BillIssued', 'BillReissued', 'CreditNoteIssued', 'FactReversed'] },
  p: {
    opening: 'PaymentAccepted',
    later: [
      'PaymentDeclined',
      'PaymentRefunded',
      'ChargeStarted',
      'PaymentSettled',
      'RefundStarted',
      'RefundSettled',
      'RefundFailed',
      'DifferenceFound',
      'FactReversed',
    ],
  },
  x: { opening: 'AccountAdjusted', later: ['FactReversed'] },
  d: { opening: 'DifferenceFound', later: [] },
  r: { opening: 'FactRepaired', later: [] },
};

/** `facts`: all of `stream` that are known, in any order. */
export const streamProblem = (stream: StreamId, facts: readonly Fact[]): StreamProblem | undefined => {
  const ordered = inOrder(facts);
  for (const [ordinal, fact] of ordered.entries()) {
    if (fact.ordinal !== ordinal) return { ordinal, problem: 'is missing, and later ones are there' };
    const problem = placeProblem(stream, fact, ordered[ordinal - 1]) ?? ruleProblem(fact, ordered.slice(0, ordinal));
    if (problem !== undefined) return { ordinal, problem };
  }
  return undefined;
};

const placeProblem = (stream: StreamId, fact: Fact, before: Fact | undefined): string | undefined => {
  const kind = KINDS[stream.slice(0, 1)];
  const allowed = before === undefined ? [kind?.opening] : (kind?.later ?? []);
  if (!allowed.includes(fact.type)) return `is a ${fact.type}, which cannot stand there`;
  if (before === undefined) return undefined;
  if (fact.currency !== before.currency) return `is in ${fact.currency}, the one before it in ${before.currency}`;
  return fact.occurredAtMs > before.occurredAtMs ? undefined : 'is not later than the one before it';
};

/** What the rules of decide-*.ts would never have granted after `before`. */
const ruleProblem = (fact: Fact, before: readonly Fact[]): string | undefined => {
  if (isAgain(fact, before)) return `is a second ${fact.type}`;
  if (fact.type === 'FactReversed' && before.some((one) => one.type === fact.type && sameTarget(one, fact)))
    return `reverses ordinal ${fact.reversedOrdinal} a second time`;
  const target = targetOf(fact);
  if (target !== undefined && target >= fact.ordinal) return `names ordinal ${target}, which does not come before it`;
  switch (fact.stream[0]) {
    case 'p':
      return paymentProblem(fact, before);
    case 'b':
      return billProblem(fact, before);
    default:
      return undefined;
  }
};

const ONCE: ReadonlySet<FactType> = new Set(['PaymentDeclined', 'ChargeStarted', 'PaymentSettled']);
const isAgain = ({ type }: Fact, before: readonly Fact[]): boolean =>
  ONCE.has(type) && before.some((fact) => fact.type === type);

const sameTarget = (a: Fact, b: Fact): boolean => targetOf(a) === targetOf(b);

/** The earlier ordinal that the fact is about. */
const targetOf = (fact: Fact): number | undefined => {
  switch (fact.type) {
    case 'FactReversed':
      return fact.reversedOrdinal;
    case 'CreditNoteIssued':
    case 'BillReissued':
      return fact.creditedOrdinal;
    case 'RefundStarted':
    case 'RefundSettled':
    case 'RefundFailed':
      return fact.refundedOrdinal;
    default:
      return undefined;
  }
};

const paymentProblem = (fact: Fact, before: readonly Fact[]): string | undefined => {
  const has = (type: FactType): boolean => before.some((one) => one.type === type);
  if (fact.type === 'PaymentSettled' && !has('ChargeStarted')) return 'settles a charge that was never started';
  if (fact.type === 'PaymentDeclined' && has('PaymentSettled')) return 'declines a payment that is settled';
  const payment = foldPayment([...before, fact]);
  if (payment === undefined) return undefined;
  const { remainingMinor, accepted } = payment;
  return remainingMinor < 0n || remainingMinor > accepted.amountMinor
    ? `leaves ${remainingMinor} of a payment of ${accepted.amountMinor}`
    : undefined;
};

const billProblem = (fact: Fact, before: readonly Fact[]): string | undefined => {
  const open = foldBill(before)?.open;
  if (fact.type === 'BillIssued') return open === undefined ? undefined : `is a second bill beside ${open.billId}`;
  return targetOf(fact) === open?.ordinal ? undefined : 'undoes a bill that is not in force';
};
