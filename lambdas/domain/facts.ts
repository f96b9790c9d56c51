// Owns the shape of every immutable record of the ledger, schema version 1.
// Leaves to decide.ts which of them may follow which, to postings.ts how they are booked, to codec.ts how they are written.
import type { AccountId, AdjustmentId, BillId, CommandId, Fingerprint, IsoDate, PaymentId, Period } from './ids.ts';
import type { StreamId } from './keys.ts';
import type { Currency, Minor } from './money.ts';

/** The ledger accounts of the chart, each on one side of every posting. A positive amount is a debit. */
export type LedgerAccount = 'receivable' | 'revenue' | 'payments-clearing' | 'adjustments';

/** One leg of a double entry. */
export interface Posting {
  readonly ledgerAccount: LedgerAccount;
  readonly amountMinor: Minor;
}

interface FactBase {
  readonly schemaVersion: 1;
  readonly accountId: AccountId;
  /** The stream of facts that can contradict each other; with `ordinal` it is the key of the item. */
  readonly stream: StreamId;
  /** 0 opens the stream; every later fact takes the next one. */
  readonly ordinal: number;
  /** The Region that accepted the command. */
  readonly region: string;
  /** Epoch milliseconds; later than every fact the writer had read. */
  readonly occurredAtMs: number;
  readonly commandId: CommandId;
  readonly fingerprint: Fingerprint;
  readonly currency: Currency;
  /** Sum zero; empty when nothing moves. */
  readonly postings: readonly Posting[];
}

export interface BillLine {
  readonly description: string;
  readonly amountMinor: Minor;
}

export interface AccountOpened extends FactBase {
  readonly type: 'AccountOpened';
  /** IANA name. */
  readonly timeZone: string;
}

export interface BillIssued extends FactBase {
  readonly type: 'BillIssued';
  readonly billId: BillId;
  readonly period: Period;
  /** 1 for the first bill of a period; one more after each credit note or reversal. */
  readonly revision: number;
  readonly dueDate: IsoDate;
  readonly lines: readonly BillLine[];
  readonly totalMinor: Minor;
}

export interface CreditNoteIssued extends FactBase {
  readonly type: 'CreditNoteIssued';
  readonly billId: BillId;
  readonly period: Period;
  /** The ordinal of the bill it undoes. */
  readonly creditedOrdinal: number;
  readonly totalMinor: Minor;
  readonly reason: string;
}

export interface PaymentAccepted extends FactBase {
  readonly type: 'PaymentAccepted';
  readonly paymentId: PaymentId;
  readonly amountMinor: Minor;
  readonly method: string;
}

export interface PaymentDeclined extends FactBase {
  readonly type: 'PaymentDeclined';
  readonly paymentId: PaymentId;
  /** What earlier ordinals had not undone; 0 when nothing was left. */
  readonly undoneMinor: Minor;
  readonly reason: string;
}

export interface PaymentRefunded extends FactBase {
  readonly type: 'PaymentRefunded';
  readonly paymentId: PaymentId;
  readonly amountMinor: Minor;
  readonly reason: string;
}

export interface AccountAdjusted extends FactBase {
  readonly type: 'AccountAdjusted';
  readonly adjustmentId: AdjustmentId;
  /** Positive: the payer owes more. Never 0. */
  readonly amountMinor: Minor;
  readonly reason: string;
}

export interface FactReversed extends FactBase {
  readonly type: 'FactReversed';
  /** The ordinal in the same stream whose effect is undone. */
  readonly reversedOrdinal: number;
  /** The effect on what the payer owes: positive adds to it. */
  readonly effectMinor: Minor;
  readonly reason: string;
}

export type Fact =
  | AccountOpened
  | BillIssued
  | CreditNoteIssued
  | PaymentAccepted
  | PaymentDeclined
  | PaymentRefunded
  | AccountAdjusted
  | FactReversed;

export type FactType = Fact['type'];
