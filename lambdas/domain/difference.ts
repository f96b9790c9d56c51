// Owns the ways in which a processor's report and the ledger do not say the same.
// Leaves to reconcile.ts how they are found.
import type { IsoDate, PaymentId } from './ids.ts';
import type { Minor } from './money.ts';

export const DIFFERENCE_KINDS = [
  /** Collected, for a payment that the ledger does not hold. */
  'charged-but-not-accepted',
  /** Collected for a payment whose recorded charge is another one, which is not collected as far as the ledger knows. */
  'charged-but-not-recorded',
  /** Collected beside the charge that the ledger has recorded and settled. */
  'charged-twice',
  /** Collected, for a payment that the ledger holds to be declined. */
  'charged-but-declined',
  /** Another amount or currency was collected than the ledger has settled. */
  'amount-differs',
  /** The ledger has settled a charge that the processor has not collected. */
  'settled-but-not-charged',
  /** A refund that only one side knows, or over another amount, or that the ledger holds to have failed. */
  'refund-differs',
  /** A charge or refund was started more than a day before and has no outcome. */
  'still-open',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** The UTC day to which it belongs. */
  readonly window: IsoDate;
  /** The processor's name for the charge, our own for a refund. */
  readonly reference: string;
  /** Absent where the ledger holds no such payment. */
  readonly paymentId?: PaymentId;
  /** Absent where the ledger says nothing of it. */
  readonly ledgerMinor?: Minor;
  /** Absent where the processor says nothing of it. */
  readonly processorMinor?: Minor;
}
