// Owns what can be asked of the ledger, in the imperative, with everything a decision needs brought along.
// Leaves to decide.ts whether it is granted.
import type { Difference } from './difference.ts';
import type { AccountOpened, BillLine, BillUsage } from './facts.ts';
import type { AccountId, BillId, CommandId, IsoDate, Period } from './ids.ts';
import type { Currency, Minor } from './money.ts';

interface CommandBase {
  readonly commandId: CommandId;
  /** What the client sent. A stored fact is compared with it under the fact's own fingerprint version, a new one under today's. */
  readonly body: unknown;
  /** The Region that was asked. */
  readonly region: string;
  /** The writer's clock, epoch milliseconds. */
  readonly nowMs: number;
}

/** What every command on an existing account knows of it: its opening, which never changes. */
interface OnAccount extends CommandBase {
  readonly account: AccountOpened;
}

export interface OpenAccount extends CommandBase {
  readonly type: 'OpenAccount';
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly timeZone: string;
}

export interface IssueBill extends OnAccount {
  readonly type: 'IssueBill';
  readonly period: Period;
  readonly dueDate: IsoDate;
  readonly lines: readonly BillLine[];
  /** Absent where an operator named the lines. */
  readonly usage?: BillUsage;
}

/** Credits the revision in force of a period's bill and issues the next. The revision is named: a late command must not replace a later one. */
export interface ReissueBill extends OnAccount {
  readonly type: 'ReissueBill';
  readonly billId: BillId;
  readonly dueDate: IsoDate;
  readonly lines: readonly BillLine[];
  readonly usage: BillUsage;
  readonly reason: string;
}

/** Undoes one revision of a period's bill, so that a new one can be issued. It is named: a late command must not undo the next one. */
export interface CreditBill extends OnAccount {
  readonly type: 'CreditBill';
  readonly billId: BillId;
  readonly reason: string;
}

export interface PostPayment extends OnAccount {
  readonly type: 'PostPayment';
  readonly amountMinor: Minor;
  readonly currency: Currency;
  readonly method: string;
}

/** The processor refused for good: what the payment still has of effect is undone. */
export interface DeclinePayment extends OnAccount {
  readonly type: 'DeclinePayment';
  readonly reason: string;
}

/** The processor holds an unconfirmed charge of what is left of the payment. */
export interface StartCharge extends OnAccount {
  readonly type: 'StartCharge';
  readonly processor: string;
  readonly reference: string;
  /** What the charge was prepared over. */
  readonly amountMinor: Minor;
}

/** The processor has collected what was started. */
export interface SettlePayment extends OnAccount {
  readonly type: 'SettlePayment';
}

export interface StartRefund extends OnAccount {
  readonly type: 'StartRefund';
  /** The refund or reversal whose money is to be sent back. */
  readonly refundedOrdinal: number;
  readonly reference: string;
}

export interface SettleRefund extends OnAccount {
  readonly type: 'SettleRefund';
  readonly refundedOrdinal: number;
}

/** The processor could not send the money back for good. */
export interface FailRefund extends OnAccount {
  readonly type: 'FailRefund';
  readonly refundedOrdinal: number;
  readonly reason: string;
}

/** What the processor's report and the ledger do not say alike. Where the ledger holds no payment there may be no account either. */
export interface RecordDifference extends CommandBase {
  readonly type: 'RecordDifference';
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly difference: Difference;
}

export interface RefundPayment extends OnAccount {
  readonly type: 'RefundPayment';
  readonly amountMinor: Minor;
  readonly reason: string;
}

export interface AdjustAccount extends OnAccount {
  readonly type: 'AdjustAccount';
  /** Positive: the payer owes more. */
  readonly amountMinor: Minor;
  readonly reason: string;
}

export interface ReverseFact extends OnAccount {
  readonly type: 'ReverseFact';
  /** In the stream the decision is given. */
  readonly reversedOrdinal: number;
  readonly reason: string;
}

export type Command =
  | OpenAccount
  | IssueBill
  | ReissueBill
  | CreditBill
  | PostPayment
  | DeclinePayment
  | RefundPayment
  | StartCharge
  | SettlePayment
  | StartRefund
  | SettleRefund
  | FailRefund
  | RecordDifference
  | AdjustAccount
  | ReverseFact;
