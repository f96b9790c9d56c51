// Owns the bodies of the API's answers, for the document and for the tests that hold the handlers to it.
// Leaves to the handlers how they are computed. Only the document imports this: no answer is validated at run time.
import * as z from 'zod';
import { PROBLEM_SLUGS } from '../http/problem.ts';

const amount = z.int().meta({ description: "In the currency's minor unit", examples: [4250] });
const instant = z.iso.datetime().meta({ description: 'UTC', examples: ['2026-11-01T09:30:00.000Z'] });
const date = z.iso.date().meta({ examples: ['2026-11-15'] });
const position = z.string().max(512).meta({ description: 'Opaque: where the fact is; goes into Baseload-After' });
const accountId = z.string().meta({ examples: ['us_1001'] });
const paymentId = z.string().regex(/^pay_[a-z2-7]{52}$/);
const billId = z
  .string()
  .regex(/^bill_\d{4}-\d{2}_r\d+$/)
  .meta({ examples: ['bill_2026-10_r1'] });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ examples: ['USD'] });
const text = z.string();

export const openedAccount = z.strictObject({ accountId, currency, timeZone: text, openedAt: instant, position });

export const contactAnswer = z.strictObject({
  accountId,
  email: z
    .string()
    .nullable()
    .meta({ description: 'Null: no notices by mail', examples: ['payer@example.com'] }),
});

export const accountAnswer = z.strictObject({
  accountId,
  currency,
  balanceMinor: amount.meta({ description: 'Positive: the payer owes it' }),
  dueMinor: amount.meta({ description: 'The balance, if positive, else 0' }),
  nextDueDate: date.nullable().meta({ description: 'Of the earliest unpaid bill' }),
  pendingMinor: amount.meta({ description: 'Accepted, not settled yet; already in the balance' }),
});

export const balanceAnswer = z.strictObject({
  asOf: instant,
  balanceMinor: amount,
  currency,
  provisional: z.boolean().meta({ description: 'Facts of before that instant may still come in' }),
});

export const statementAnswer = z.strictObject({
  lines: z.array(
    z.strictObject({
      position,
      type: z.enum(['bill', 'credit-note', 'payment', 'refund', 'adjustment', 'reversal', 'decline']),
      occurredAt: instant,
      amountMinor: amount.meta({ description: 'A bill is positive, a payment negative' }),
      balanceMinor: amount.meta({ description: 'After this line' }),
      description: text,
      paymentId: paymentId.optional(),
      billId: billId.optional(),
    }),
  ),
  nextCursor: text.nullable().meta({ description: 'For the next page, or null on the last' }),
});

const billLine = z.strictObject({ description: text, amountMinor: amount });
const usageWh = z.int();

export const previewAnswer = z.strictObject({
  period: z.string().regex(/^\d{4}-\d{2}$/),
  totalMinor: amount,
  currency,
  lines: z.array(billLine),
  usageWh,
  quality: z.enum(['actual', 'estimated', 'missing']),
});

export const tariffAnswer = z.strictObject({
  tariffId: text,
  name: text,
  currency,
  startDate: date.nullable().meta({ description: 'Null: it always was in force' }),
});

export const meterAnswer = z.strictObject({ accountId, meterId: text, tariffId: text, from: date });

const billFields = {
  accountId,
  billId,
  period: z.string().regex(/^\d{4}-\d{2}$/),
  revision: z.int().min(1),
  currency,
  totalMinor: amount,
  lines: z.array(billLine),
  usageWh: usageWh.optional().meta({ description: 'Absent where an operator named the lines' }),
  quality: z.enum(['actual', 'estimated']).optional(),
  dueDate: date,
  issuedAt: instant,
  position,
};

export const issuedBill = z.strictObject({
  ...billFields,
  status: z.enum(['open', 'paid']).meta({ description: 'Paid: it asks for nothing' }),
});
export const reissuedBill = issuedBill.extend({
  creditNote: z.strictObject({ billId, amountMinor: amount, reason: text }),
});
export const billAnswer = z.strictObject({ ...billFields, status: z.enum(['open', 'paid', 'credited']) });
export const billsAnswer = z.strictObject({ bills: z.array(billAnswer), nextCursor: text.nullable() });

const paymentFields = { paymentId, accountId, amountMinor: amount, currency, acceptedAt: instant, position };

export const acceptedPayment = z.strictObject({ ...paymentFields, status: z.literal('accepted') });

export const paymentAnswer = z.strictObject({
  ...paymentFields,
  method: text,
  status: z.enum(['accepted', 'settled', 'declined']),
  refundedMinor: amount.meta({ description: 'Of all refunds that stand' }),
  remainingMinor: amount.meta({ description: 'What neither refund, decline nor reversal has undone' }),
  refunds: z.array(
    z.strictObject({
      amountMinor: amount,
      reason: text,
      reversed: z.boolean(),
      status: z.enum(['accepted', 'settled', 'failed']).meta({ description: 'Settled: nothing of it is left to send' }),
      refundedAt: instant,
      position,
    }),
  ),
});

const reasonedFields = { accountId, amountMinor: amount, currency, reason: text, acceptedAt: instant, position };

export const acceptedRefund = z.strictObject({ paymentId, ...reasonedFields });

export const acceptedAdjustment = z.strictObject({
  adjustmentId: z.string().regex(/^adj_[a-z2-7]{52}$/),
  ...reasonedFields,
});

export const acceptedReversal = z.strictObject({
  reversedPosition: position,
  ...reasonedFields,
  amountMinor: amount.meta({ description: 'What it adds to the balance' }),
});

export const healthAnswer = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  region: text,
  ledger: z.enum(['written', 'throttled']).optional(),
  reason: z.enum(['ledger-unreachable', 'clock-skew']).optional(),
  checkedAt: instant,
});

export const evacuatedAnswer = z.strictObject({ region: text, evacuated: z.literal(true) });

export const problemAnswer = z.object({
  type: z.enum(PROBLEM_SLUGS as [string, ...string[]]).meta({ description: 'Stable: branch on it after the status' }),
  title: text,
  status: z.int(),
  detail: text,
  errors: z.array(z.strictObject({ field: text, message: text })).optional(),
});
