// Owns the shape of every immutable record of the ledger, schema version 1.
// Leaves to decide.ts which of them may follow which, to postings.ts how they are booked, to codec.ts how they are written.
import type { Difference } from './difference.ts';
import type { AccountId, AdjustmentId, BillId, CommandId, Fingerprint, IsoDate, PaymentId, Period } from './ids.ts';
import type { FactKey, StreamId } from './keys.ts';
import type { Currency, Minor } from './money.ts';

/** The ledger accounts of the chart, each on one side of every posting. A positive amount is a debit. */
export type LedgerAccount =
  | 'receivable'
  | 'revenue'
  /** Accepted and not yet settled: what the processor is to collect. */
  | 'payments-clearing'
  /** Collected and given up again: what the processor is to send back. */
  | 'refunds-clearing'
  | 'cash'
  | 'adjustments';

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

/** What a bill from usage rests on. */
export interface BillUsage {
  readonly usageWh: number;
  readonly quality: 'actual' | 'estimated';
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
  /** Absent where an operator named the lines. */
  readonly usage?: BillUsage;
}

/**
 * The credit note over the revision in force and the next revision in its place, as one fact: no reader ever sees the one without
 * the other. It stands for the new revision wherever a BillIssued does.
 */
export interface BillReissued extends FactBase {
  readonly type: 'BillReissued';
  readonly billId: BillId;
  readonly period: Period;
  /** One more than the credited revision's. */
  readonly revision: number;
  readonly dueDate: IsoDate;
  readonly lines: readonly BillLine[];
  /** Of the new revision. */
  readonly totalMinor: Minor;
  readonly usage: BillUsage;
  /** The ordinal of the revision it undoes. */
  readonly creditedOrdinal: number;
  readonly creditedBillId: BillId;
  /** The total of the revision it undoes. */
  readonly creditedMinor: Minor;
  readonly reason: string;
}

/** What puts a revision of a bill in force. */
export type BillRevision = BillIssued | BillReissued;

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

/** The processor holds an unconfirmed charge, and this is the only one that will ever be confirmed: first writer wins. */
export interface ChargeStarted extends FactBase {
  readonly type: 'ChargeStarted';
  readonly paymentId: PaymentId;
  /** The processor that knows the reference; another one's worker must not touch it. */
  readonly processor: string;
  /** The processor's own name for the charge. */
  readonly reference: string;
  /** What was left of the payment by then. */
  readonly amountMinor: Minor;
}

/** The processor has collected what was started. */
export interface PaymentSettled extends FactBase {
  readonly type: 'PaymentSettled';
  readonly paymentId: PaymentId;
  readonly amountMinor: Minor;
}

/** The money of a refund or reversal is about to be sent back: from here on that can no longer be taken back. */
export interface RefundStarted extends FactBase {
  readonly type: 'RefundStarted';
  readonly paymentId: PaymentId;
  /** The ordinal of the refund or reversal in the same stream. */
  readonly refundedOrdinal: number;
  /** Our name for it at the processor, which looks for it before it sends anything. */
  readonly reference: string;
  readonly amountMinor: Minor;
}

export interface RefundSettled extends FactBase {
  readonly type: 'RefundSettled';
  readonly paymentId: PaymentId;
  readonly refundedOrdinal: number;
  readonly amountMinor: Minor;
}

/** The processor could not send the money back for good: the payer owes that much less again. */
export interface RefundFailed extends FactBase {
  readonly type: 'RefundFailed';
  readonly paymentId: PaymentId;
  readonly refundedOrdinal: number;
  readonly undoneMinor: Minor;
  readonly reason: string;
}

export interface PaymentRefunded extends FactBase {
  readonly type: 'PaymentRefunded';
  readonly paymentId: PaymentId;
  readonly amountMinor: Minor;
  readonly reason: string;
}

/**
 * The processor's report and the ledger do not say the same. It moves nothing: what is to be done about it is for people, by the
 * commands that there are. It stands in the payment's stream, or in one of its own where there is no payment.
 */
export interface DifferenceFound extends FactBase, Difference {
  readonly type: 'DifferenceFound';
}

/**
 * A fact that was damaged or gone was put back from a copy that its own checksum proved. It moves nothing: what was put back is
 * what the account always held. One for each damage, whoever repairs it.
 */
export interface FactRepaired extends FactBase {
  readonly type: 'FactRepaired';
  readonly repairedKey: FactKey;
  /** The checksum of what was put back. */
  readonly repairedSum: string;
  /** SHA-256 of what stood there; absent where nothing did. */
  readonly foundSum?: string;
  /** The Region of the view or archive that the copy is from. */
  readonly copiedFrom: string;
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
  | BillReissued
  | CreditNoteIssued
  | PaymentAccepted
  | PaymentDeclined
  | PaymentRefunded
  | ChargeStarted
  | PaymentSettled
  | RefundStarted
  | RefundSettled
  | RefundFailed
  | DifferenceFound
  | FactRepaired
  | AccountAdjusted
  | FactReversed;

export type FactType = Fact['type'];
