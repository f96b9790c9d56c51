// Owns what Baseload answers a payer, as shapes and as types.
// Leaves to GET /openapi.json the last word: a test holds these to it.
import { flag, integer, list, nullable, optional, position, type Read, record, text, word } from './shapes.ts';

/** `balanceMinor` > 0: the payer owes it. Amounts are in the currency's minor unit everywhere. */
export const account = record({
  accountId: text,
  currency: text,
  balanceMinor: integer,
  dueMinor: integer,
  nextDueDate: nullable(text),
  pendingMinor: integer,
});
export type Account = Read<typeof account>;

export const balance = record({ asOf: text, balanceMinor: integer, currency: text, provisional: flag });
export type Balance = Read<typeof balance>;

const statementLine = record({
  position,
  type: word('bill', 'credit-note', 'payment', 'refund', 'adjustment', 'reversal', 'decline'),
  occurredAt: text,
  amountMinor: integer,
  balanceMinor: integer,
  description: text,
  paymentId: optional(text),
  billId: optional(text),
});
export type StatementLine = Read<typeof statementLine>;

export const statementPage = record({ lines: list(statementLine), nextCursor: nullable(text) });
export type StatementPage = Read<typeof statementPage>;

const billLine = record({ description: text, amountMinor: integer });

export const bill = record({
  accountId: text,
  billId: text,
  period: text,
  revision: integer,
  currency: text,
  totalMinor: integer,
  lines: list(billLine),
  usageWh: optional(integer),
  quality: optional(word('actual', 'estimated')),
  dueDate: text,
  issuedAt: text,
  position,
  status: word('open', 'paid', 'credited'),
});
export type Bill = Read<typeof bill>;

export const billsPage = record({ bills: list(bill), nextCursor: nullable(text) });
export type BillsPage = Read<typeof billsPage>;

export const billPreview = record({
  period: text,
  totalMinor: integer,
  currency: text,
  lines: list(billLine),
  usageWh: integer,
  quality: word('actual', 'estimated', 'missing'),
});
export type BillPreview = Read<typeof billPreview>;

const paymentFields = {
  paymentId: text,
  accountId: text,
  amountMinor: integer,
  currency: text,
  acceptedAt: text,
  position,
};

export const acceptedPayment = record({ ...paymentFields, status: word('accepted') });
export type AcceptedPayment = Read<typeof acceptedPayment>;

export const payment = record({
  ...paymentFields,
  method: text,
  status: word('accepted', 'settled', 'declined'),
  refundedMinor: integer,
  remainingMinor: integer,
  refunds: list(
    record({
      amountMinor: integer,
      reason: text,
      reversed: flag,
      status: word('accepted', 'settled', 'failed'),
      refundedAt: text,
      position,
    }),
  ),
});
export type Payment = Read<typeof payment>;

/** A refusal of Baseload (RFC 9457). */
export const problem = record({
  type: text,
  title: text,
  status: integer,
  detail: text,
  errors: optional(list(record({ field: text, message: text }))),
});
