// Owns the answers to accepted commands: pure functions of the stored fact, so that a replay says what the first answer said.
// Leaves to lookup what has become of the fact since.
import { issuedStatus } from '../domain/bills.ts';
import { assertNever } from '../domain/brand.ts';
import type { AccountOpened, BillRevision, Fact, PaymentAccepted } from '../domain/facts.ts';
import { encodePosition, factKey, keyOf, type Position } from '../domain/keys.ts';
import { toWire } from '../domain/money.ts';
import { HEADERS, type Reply } from './http/reply.ts';

export const positionOf = (fact: Fact): Position => encodePosition(fact.accountId, keyOf(fact));

/** UTC, milliseconds. */
export const instantOf = ({ occurredAtMs }: Pick<Fact, 'occurredAtMs'>): string => new Date(occurredAtMs).toISOString();

/** 201 with the body of the fact and its position. Schema version 1 of every fact keeps this form for ever. */
export const created = (fact: Fact): Reply => ({
  status: 201,
  body: bodyOf(fact),
  headers: { [HEADERS.position]: positionOf(fact) },
});

const bodyOf = (fact: Fact): object => {
  switch (fact.type) {
    case 'AccountOpened':
      return accountBody(fact);
    case 'BillIssued':
      return { ...billBody(fact), status: issuedStatus(fact) };
    case 'BillReissued':
      return {
        ...billBody(fact),
        status: issuedStatus(fact),
        creditNote: {
          billId: fact.creditedBillId,
          amountMinor: toWire(-fact.creditedMinor),
          reason: fact.reason,
        },
      };
    case 'PaymentAccepted':
      return { ...paymentBody(fact), status: 'accepted' };
    case 'PaymentRefunded':
      return {
        paymentId: fact.paymentId,
        amountMinor: toWire(fact.amountMinor),
        reason: fact.reason,
        ...acceptance(fact),
      };
    case 'AccountAdjusted':
      return {
        adjustmentId: fact.adjustmentId,
        amountMinor: toWire(fact.amountMinor),
        reason: fact.reason,
        ...acceptance(fact),
      };
    case 'FactReversed':
      return {
        reversedPosition: encodePosition(fact.accountId, factKey(fact.stream, fact.reversedOrdinal)),
        amountMinor: toWire(fact.effectMinor),
        reason: fact.reason,
        ...acceptance(fact),
      };
    case 'CreditNoteIssued':
    case 'PaymentDeclined':
    case 'ChargeStarted':
    case 'PaymentSettled':
    case 'RefundStarted':
    case 'RefundSettled':
    case 'RefundFailed':
    case 'DifferenceFound':
    case 'FactRepaired':
      throw new Error(`no route of the API writes ${fact.type}`);
    default:
      return assertNever(fact, 'fact');
  }
};

const acceptance = (fact: Fact): object => ({
  accountId: fact.accountId,
  currency: fact.currency,
  acceptedAt: instantOf(fact),
  position: positionOf(fact),
});

const accountBody = (fact: AccountOpened): object => ({
  accountId: fact.accountId,
  currency: fact.currency,
  timeZone: fact.timeZone,
  openedAt: instantOf(fact),
  position: positionOf(fact),
});

/** What never changes of a payment. */
export const paymentBody = (fact: PaymentAccepted): object => ({
  paymentId: fact.paymentId,
  amountMinor: toWire(fact.amountMinor),
  ...acceptance(fact),
});

/** The issued document of a bill: it never changes, only its status does. */
export const billBody = (fact: BillRevision): object => ({
  billId: fact.billId,
  accountId: fact.accountId,
  period: fact.period,
  revision: fact.revision,
  currency: fact.currency,
  totalMinor: toWire(fact.totalMinor),
  lines: fact.lines.map(({ description, amountMinor }) => ({ description, amountMinor: toWire(amountMinor) })),
  // Named one by one: a stored fact has its fields in another order, and an answer must be the same to the byte.
  usageWh: fact.usage?.usageWh,
  quality: fact.usage?.quality,
  dueDate: fact.dueDate,
  issuedAt: instantOf(fact),
  position: positionOf(fact),
});
