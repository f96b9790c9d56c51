// Owns the names a payer's program imports.
// Leaves to the files beside it everything else.
export type {
  AcceptedPayment,
  Account,
  Balance,
  Bill,
  BillPreview,
  BillsPage,
  Payment,
  StatementLine,
  StatementPage,
} from './answers.ts';
export {
  BillingClient,
  type BillsOptions,
  type CallOptions,
  type PayOptions,
  type Receipt,
  type StatementOptions,
} from './billing-client.ts';
export type { Clock } from './clock.ts';
export {
  type BillingError,
  type FailedAttempt,
  type FieldError,
  isBillingError,
  OutcomeUnknown,
  Refused,
  Unavailable,
} from './errors.ts';
export type { BillingClientOptions } from './options.ts';
export type { Instant, PaymentRequest } from './requests.ts';
