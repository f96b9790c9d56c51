// Owns which fields each fact of schema version 1 has and what they look like in JSON.
// Leaves to codec.ts checksum and postings. New versions are added beside this one, never instead.
import { DIFFERENCE_KINDS } from './difference.ts';
import type { Fact, FactType } from './facts.ts';
import { accountId, adjustmentId, isoDate, parseBillId, paymentId, period } from './ids.ts';
import { isStreamId, MAX_ORDINAL, parseFactKey } from './keys.ts';
import { minor } from './money.ts';
import { LEDGER_ACCOUNTS } from './postings.ts';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

const text =
  (test: (value: string) => unknown): Check =>
  (value) =>
    typeof value === 'string' && test(value) !== undefined && test(value) !== false;
const amount: Check = (value) => Number.isSafeInteger(value);
const ordinal: Check = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_ORDINAL;
const anyText = text((value) => value.length > 0);
const reference = text((value) => /^[A-Za-z0-9_-]{1,255}$/.test(value));
const regionName = text((value) => /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(value));
const digest = text((value) => /^[A-Za-z0-9_-]{43}$/.test(value));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    Array.isArray(value) &&
    value.every((item) => typeof item === 'object' && item !== null && mismatch(item, fields) === undefined);

const usage: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  mismatch(value as Fields, {
    usageWh: (wh) => Number.isSafeInteger(wh),
    quality: text((quality) => quality === 'actual' || quality === 'estimated'),
  }) === undefined;

const COMMON: Readonly<Record<string, Check>> = {
  schemaVersion: (value) => value === 1,
  type: anyText,
  accountId: text(accountId),
  stream: text(isStreamId),
  ordinal,
  region: regionName,
  occurredAtMs: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  commandId: text((value) => /^[a-z2-7]{52}$/.test(value)),
  fingerprint: text((value) => /^v\d+:[A-Za-z0-9_-]{43}$/.test(value)),
  // The form only: a fact outlives its currency's place on the ISO list.
  currency: text((value) => /^[A-Z]{3}$/.test(value)),
  postings: listOf({
    ledgerAccount: text((value) => (LEDGER_ACCOUNTS as readonly string[]).includes(value)),
    amountMinor: amount,
  }),
};

const ONE_TYPE: Readonly<Record<FactType, Readonly<Record<string, Check>>>> = {
  AccountOpened: { timeZone: anyText },
  BillIssued: {
    billId: text(parseBillId),
    period: text(period),
    revision: (value) => Number.isInteger(value) && Number(value) >= 1,
    dueDate: text(isoDate),
    lines: listOf({ description: anyText, amountMinor: amount }),
    totalMinor: amount,
    usage: optional(usage),
  },
  BillReissued: {
    billId: text(parseBillId),
    period: text(period),
    revision: (value) => Number.isInteger(value) && Number(value) >= 2,
    dueDate: text(isoDate),
    lines: listOf({ description: anyText, amountMinor: amount }),
    totalMinor: amount,
    usage,
    creditedOrdinal: ordinal,
    creditedBillId: text(parseBillId),
    creditedMinor: amount,
    reason: anyText,
  },
  CreditNoteIssued: {
    billId: text(parseBillId),
    period: text(period),
    creditedOrdinal: ordinal,
    totalMinor: amount,
    reason: anyText,
  },
  PaymentAccepted: { paymentId: text(paymentId), amountMinor: amount, method: anyText },
  PaymentDeclined: { paymentId: text(paymentId), undoneMinor: amount, reason: anyText },
  PaymentRefunded: { paymentId: text(paymentId), amountMinor: amount, reason: anyText },
  ChargeStarted: { paymentId: text(paymentId), processor: anyText, reference, amountMinor: amount },
  PaymentSettled: { paymentId: text(paymentId), amountMinor: amount },
  RefundStarted: { paymentId: text(paymentId), refundedOrdinal: ordinal, reference, amountMinor: amount },
  RefundSettled: { paymentId: text(paymentId), refundedOrdinal: ordinal, amountMinor: amount },
  RefundFailed: { paymentId: text(paymentId), refundedOrdinal: ordinal, undoneMinor: amount, reason: anyText },
  DifferenceFound: {
    kind: text((value) => (DIFFERENCE_KINDS as readonly string[]).includes(value)),
    window: text(isoDate),
    reference,
    paymentId: optional(text(paymentId)),
    ledgerMinor: optional(amount),
    processorMinor: optional(amount),
  },
  FactRepaired: {
    repairedKey: text(parseFactKey),
    repairedSum: digest,
    foundSum: optional(digest),
    copiedFrom: regionName,
  },
  AccountAdjusted: { adjustmentId: text(adjustmentId), amountMinor: amount, reason: anyText },
  FactReversed: { reversedOrdinal: ordinal, effectMinor: amount, reason: anyText },
};

const SHAPES: ReadonlyMap<string, Readonly<Record<string, Check>>> = new Map(
  Object.entries(ONE_TYPE).map(([type, fields]) => [type, { ...COMMON, ...fields }]),
);

/** Why the fields are no fact of a known schema version; undefined when they are. */
export const shapeProblem = (fields: Fields): string | undefined => {
  if (fields['schemaVersion'] !== 1) return `schema version ${JSON.stringify(fields['schemaVersion'])} is unknown`;
  const shape = SHAPES.get(String(fields['type']));
  if (shape === undefined) return `fact type ${JSON.stringify(fields['type'])} is unknown`;
  const field = mismatch(fields, shape);
  return field === undefined ? undefined : `field ${field} is missing, unknown or malformed`;
};

/** The first field that is missing, malformed or not in the shape. */
const mismatch = (fields: Fields, shape: Readonly<Record<string, Check>>): string | undefined =>
  Object.keys(shape).find((field) => !shape[field]?.(fields[field])) ??
  Object.keys(fields).find((field) => !Object.hasOwn(shape, field));

/** Amounts become bigint; everything else is as JSON has it. Only for fields without a `shapeProblem`. */
export const toFact = (fields: Fields): Fact => withAmounts(fields) as unknown as Fact;

const withAmounts = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (field.endsWith('Minor')) return [field, minor(Number(value))];
      return [field, Array.isArray(value) ? value.map((item: object) => withAmounts(item)) : value];
    }),
  );
