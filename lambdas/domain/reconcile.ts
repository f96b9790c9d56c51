// Owns what it means that a processor's report and the ledger do not say the same, one charge or refund at a time.
// Leaves to the job which entries and payments are compared, to decide-difference.ts how a difference is recorded.
import type { Difference, DifferenceKind } from './difference.ts';
import type { Fact, PaymentSettled, RefundSettled } from './facts.ts';
import { foldPayment } from './fold.ts';
import { type IsoDate, isoDate, type PaymentId, paymentId } from './ids.ts';
import type { Currency, Minor } from './money.ts';
import { foldSettlement, nextStep } from './settlement.ts';

/** One line of a processor's report. */
export interface ReportEntry {
  readonly kind: 'charge' | 'refund';
  /** Of a charge the processor's own name, of a refund ours, or the processor's where it was not made by us. */
  readonly reference: string;
  /** As given when the charge was made; absent, as the account, for what was made by somebody else. */
  readonly paymentId?: string;
  readonly accountId?: string;
  readonly amountMinor: Minor;
  readonly currency: Currency;
  /** When it was confirmed or sent, by the processor's clock, epoch milliseconds. */
  readonly atMs: number;
  readonly status: 'under-way' | 'collected' | 'declined' | 'sent' | 'failed';
}

/** Whether money has moved: what has not moved differs from nothing. */
export const hasMoved = ({ status }: ReportEntry): boolean => status === 'collected' || status === 'sent';

/** The UTC day of an instant. @throws RangeError outside of the calendar */
export const windowOf = (atMs: number): IsoDate => {
  const day = isoDate(new Date(atMs).toISOString().slice(0, 10));
  if (day === undefined) throw new RangeError(`${atMs} ms is on no day of the calendar`);
  return day;
};

/**
 * What is wrong with `entry`; `facts` is the whole stream of the payment that it names, empty where there is none. `isRepeated`:
 * another entry has the same reference, and money has moved under it already.
 */
export const differenceOfEntry = (
  entry: ReportEntry,
  facts: readonly Fact[],
  isRepeated = false,
): Difference | undefined => {
  if (!hasMoved(entry)) return undefined;
  const found = { window: windowOf(entry.atMs), reference: entry.reference, processorMinor: entry.amountMinor };
  const payment = foldPayment(facts);
  if (payment === undefined) {
    return { ...found, kind: entry.kind === 'charge' ? 'charged-but-not-accepted' : 'refund-differs' };
  }
  const { paymentId: id, currency } = payment.accepted;
  const differs = (kind: DifferenceKind, ledgerMinor?: Minor): Difference => ({
    ...found,
    kind,
    paymentId: id,
    ...(ledgerMinor !== undefined && { ledgerMinor }),
  });
  const isSame = (minor: Minor) => minor === entry.amountMinor && currency === entry.currency;
  const { charge, settled, moneyBack } = foldSettlement(facts);
  if (entry.kind === 'refund') {
    const back = moneyBack.find(({ started }) => started?.reference === entry.reference);
    const isRight = back?.failed === undefined && back !== undefined && isSame(back.amountMinor) && !isRepeated;
    return isRight ? undefined : differs('refund-differs', back?.amountMinor);
  }
  if (charge?.reference !== entry.reference) {
    return settled === undefined ? differs('charged-but-not-recorded') : differs('charged-twice', settled.amountMinor);
  }
  if (payment.declined) return differs('charged-but-declined');
  // Not settled yet is no difference: the worker comes again, and what stays open is found for that.
  return isSame(charge.amountMinor) ? undefined : differs('amount-differs', charge.amountMinor);
};

export type Outcome = PaymentSettled | RefundSettled;

/** What the ledger holds to have happened at the processor, and between when and when it must have. */
export interface Claim {
  readonly kind: ReportEntry['kind'];
  readonly reference: string;
  readonly startedMs: number;
  readonly settledMs: number;
}

/** Of an outcome in `facts`, the whole stream of its payment; undefined when its start is not there. */
export const claimOf = (outcome: Outcome, facts: readonly Fact[]): Claim | undefined => {
  const { charge, moneyBack } = foldSettlement(facts);
  const started =
    outcome.type === 'PaymentSettled'
      ? charge
      : moneyBack.find(({ ordinal }) => ordinal === outcome.refundedOrdinal)?.started;
  return (
    started && {
      kind: outcome.type === 'PaymentSettled' ? 'charge' : 'refund',
      reference: started.reference,
      startedMs: started.occurredAtMs,
      settledMs: outcome.occurredAtMs,
    }
  );
};

/** Whether the entry is what the ledger claims; over another amount it is too, and said to differ where it is reported. */
export const bearsOut = (entry: ReportEntry, { kind, reference }: Pick<Claim, 'kind' | 'reference'>): boolean =>
  entry.kind === kind && entry.reference === reference && hasMoved(entry);

/** An outcome that no entry bears out. */
export const differenceOfClaim = (outcome: Outcome, { reference, settledMs }: Claim): Difference => ({
  kind: outcome.type === 'PaymentSettled' ? 'settled-but-not-charged' : 'refund-differs',
  window: windowOf(settledMs),
  reference,
  paymentId: outcome.paymentId,
  ledgerMinor: outcome.amountMinor,
});

/** What was started before `beforeMs` and is still under way; it belongs to the day it was started on, so it is recorded once. */
export const stillOpen = (facts: readonly Fact[], beforeMs: number): Difference | undefined => {
  const step = nextStep(facts);
  const started =
    step?.kind === 'confirm-charge' ? step.charge : step?.kind === 'send-refund' ? step.started : undefined;
  if (started === undefined || started.occurredAtMs >= beforeMs) return undefined;
  const { reference, paymentId: id, amountMinor: ledgerMinor, occurredAtMs } = started;
  return { kind: 'still-open', window: windowOf(occurredAtMs), reference, paymentId: id, ledgerMinor };
};

/** The payment whose stream an entry is compared with: a refund of ours names it, whatever its charge was made with. */
export const paymentOf = ({ kind, reference, paymentId: given = '' }: ReportEntry): PaymentId | undefined =>
  paymentId(given) ?? (kind === 'refund' ? paymentId(reference.replace(/_\d{1,3}$/, '')) : undefined);
