// Owns what every payment processor must do: hold a charge unconfirmed, confirm it once at any age, and say what became of it.
// Leaves to domain/settlement.ts what is due, to the worker that only recorded references are ever confirmed.
import type { AccountId, PaymentId } from '../domain/ids.ts';
import type { Currency, Minor } from '../domain/money.ts';
import type { ReportEntry } from '../domain/reconcile.ts';

export interface ChargeOrder {
  readonly accountId: AccountId;
  readonly paymentId: PaymentId;
  readonly amountMinor: Minor;
  readonly currency: Currency;
  /** The payer's method, as the payment named it. */
  readonly method: string;
}

/** Why a processor refuses a charge for good. Whatever is not on this list is no decline. */
export const DECLINE_REASONS = [
  'insufficient-funds',
  'method-refused',
  'method-expired',
  'method-unknown',
  'suspected-fraud',
  'limit-exceeded',
  'cancelled',
  /** Of a test account: no processor was asked. */
  'test-account',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export type ChargeState =
  /** Nothing was collected and nothing is under way: it can be confirmed. */
  | { readonly kind: 'unconfirmed' }
  /** Confirmed; whether the money comes is not known yet. */
  | { readonly kind: 'under-way' }
  | { readonly kind: 'collected'; readonly amountMinor: Minor }
  | { readonly kind: 'declined'; readonly reason: DeclineReason };

export interface RefundOrder {
  /** Our own name for it, for ever the same: the processor is asked for it before anything is sent. */
  readonly reference: string;
  /** The processor's reference of the charge. */
  readonly charge: string;
  readonly amountMinor: Minor;
}

export type RefundState =
  | { readonly kind: 'under-way' }
  | { readonly kind: 'sent' }
  /** For good: the money stays where it is. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface ReportPage {
  readonly entries: readonly ReportEntry[];
  /** Opaque. Absent on the last page. */
  readonly cursor?: string;
}

/** Every method throws ProcessorUnavailable when it is not known what became of the request. */
export interface Processor {
  /** Stands in `ChargeStarted` beside the reference. */
  readonly name: string;
  /**
   * Makes a charge that collects nothing until it is confirmed; its reference is `[A-Za-z0-9_-]{1,255}`. Each call may make
   * another one: those that are never confirmed collect nothing.
   */
  prepare(order: ChargeOrder): Promise<string>;
  /** Collects at most once, however often and however late it is called. */
  confirm(reference: string, order: ChargeOrder): Promise<ChargeState>;
  lookup(reference: string): Promise<ChargeState>;
  /** Sends money back at most once for each `reference`, at any age: what was sent under it before is found, not repeated. */
  refund(order: RefundOrder): Promise<RefundState>;
  /**
   * A page of what was confirmed or sent at `fromMs <= atMs < toMs` by the processor's clock, whoever ordered it, in the state it has
   * now: each charge and each refund once, in no particular order. Charges that were never confirmed may be left out.
   */
  report(fromMs: number, toMs: number, cursor?: string): Promise<ReportPage>;
}

/** The processor did not answer, answered with an error that decides nothing, or refused the caller. Nothing is known. */
export class ProcessorUnavailable extends Error {
  override readonly name = 'ProcessorUnavailable';
}
