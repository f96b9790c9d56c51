// Owns facts for contract tests, written down rather than decided: what a store must keep does not depend on the rules.
// Leaves to test/domain whether they may follow each other.
import type {
  AccountOpened,
  BillIssued,
  Fact,
  FactReversed,
  PaymentAccepted,
  PaymentRefunded,
} from '../../lambdas/domain/facts.ts';
import type {
  AccountId,
  BillId,
  CommandId,
  Fingerprint,
  IsoDate,
  PaymentId,
  Period,
} from '../../lambdas/domain/ids.ts';
import type { StreamId } from '../../lambdas/domain/keys.ts';
import type { Currency, Minor } from '../../lambdas/domain/money.ts';

/** 2026-10-15T12:00:00.000Z */
export const NOON_MS = 1_792_065_600_000;
export const DAY_MS = 86_400_000;

export const account = (id: string): AccountId => id as AccountId;
/** A payment id as long as a real one; `tag` in [a-z2-7]. */
export const payment = (tag: string): PaymentId => `pay_${tag.padEnd(52, 'a')}` as PaymentId;
const minor = (amount: bigint): Minor => amount as Minor;

const base = (accountId: string, stream: string, ordinal: number, occurredAtMs: number, command: string) => ({
  schemaVersion: 1 as const,
  accountId: account(accountId),
  stream: stream as StreamId,
  ordinal,
  region: 'us-east-1',
  occurredAtMs,
  commandId: command.replace(/[^a-z2-7]/g, 'z').padEnd(52, 'q') as CommandId,
  fingerprint: 'v1:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' as Fingerprint,
  currency: 'USD' as Currency,
});

/** `amount` > 0: the payer owes more, booked against `other`. */
const booked = (amount: bigint, other: 'revenue' | 'payments-clearing' | 'adjustments') => [
  { ledgerAccount: 'receivable' as const, amountMinor: minor(amount) },
  { ledgerAccount: other, amountMinor: minor(-amount) },
];

export const opened = (accountId: string, occurredAtMs = NOON_MS): AccountOpened => ({
  ...base(accountId, 'a', 0, occurredAtMs, 'open'),
  type: 'AccountOpened',
  timeZone: 'America/New_York',
  postings: [],
});

export const paid = (accountId: string, tag: string, amount = 12_345n, occurredAtMs = NOON_MS): PaymentAccepted => ({
  ...base(accountId, `p#${payment(tag)}`, 0, occurredAtMs, `pay${tag}`),
  type: 'PaymentAccepted',
  paymentId: payment(tag),
  amountMinor: minor(amount),
  method: 'card',
  postings: booked(-amount, 'payments-clearing'),
});

export const refunded = (
  of: PaymentAccepted,
  ordinal: number,
  amount: bigint,
  occurredAtMs = of.occurredAtMs + ordinal,
): PaymentRefunded => ({
  ...base(of.accountId, of.stream, ordinal, occurredAtMs, `refund${ordinal}`),
  type: 'PaymentRefunded',
  paymentId: of.paymentId,
  amountMinor: minor(amount),
  reason: 'paid twice',
  postings: booked(amount, 'payments-clearing'),
});

export const reversed = (
  of: PaymentAccepted,
  ordinal: number,
  effect: bigint,
  occurredAtMs = of.occurredAtMs + ordinal,
): FactReversed => ({
  ...base(of.accountId, of.stream, ordinal, occurredAtMs, `reverse${ordinal}`),
  type: 'FactReversed',
  reversedOrdinal: 0,
  effectMinor: minor(effect),
  reason: 'entered by mistake',
  postings: booked(effect, 'payments-clearing'),
});

export const billed = (
  accountId: string,
  period: string,
  total: bigint,
  occurredAtMs = NOON_MS,
  description = 'Gas',
): BillIssued => ({
  ...base(accountId, `b#${period}`, 0, occurredAtMs, `bill${period.replace('-', '')}`),
  type: 'BillIssued',
  billId: `bill_${period}_r1` as BillId,
  period: period as Period,
  revision: 1,
  dueDate: `${period}-28` as IsoDate,
  lines: [{ description, amountMinor: minor(total) }],
  totalMinor: minor(total),
  postings: booked(total, 'revenue'),
});

export const typesOf = (facts: readonly Fact[]): string[] => facts.map(({ type }) => type);
