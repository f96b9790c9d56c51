// Owns what a call can fail with: three kinds, told apart by `kind`, each saying what is known of the money.
// Leaves to exchange.ts which answer is which, and to call.ts when to stop asking.

/** One thing that is wrong with a request. `field` is a dotted path, a header's name, or `body`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An attempt that brought no answer to rely on. */
export interface FailedAttempt {
  /** The Region's URL, as it was given to the client. */
  readonly region: string;
  /** Such as `503 outcome-unknown`, `no answer in 1000 ms`, `ECONNREFUSED`. */
  readonly reason: string;
}

export interface Refusal {
  readonly status: number;
  readonly region: string;
  /** As it came. API Gateway's own refusals hold `{"message": …}` and no problem document. */
  readonly body: string;
  /** Baseload's stable slug (RFC 9457 `type`), such as `idempotency-key-reuse`; undefined for a refusal of API Gateway. */
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Answered with 4xx: sending the same again does not help, unless it was 429. This call made no payment; an earlier one with the same
 * key, of which the outcome is unknown, may have.
 */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly kind = 'refused';
  readonly status: number;
  readonly region: string;
  readonly body: string;
  readonly type: string | undefined;
  readonly title: string | undefined;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    refusal: Refusal,
    /** Of a payment: the key it was sent with. */
    readonly idempotencyKey?: string,
  ) {
    super(refusalMessage(refusal));
    this.status = refusal.status;
    this.region = refusal.region;
    this.body = refusal.body;
    this.type = refusal.type;
    this.title = refusal.title;
    this.detail = refusal.detail;
    this.errors = refusal.errors ?? [];
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/**
 * A payment that may have been made. Call `pay` again with the same account, payment and `idempotencyKey`, at any time:
 * it is made once, and the answer is the original one.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly kind = 'outcome-unknown';

  constructor(
    readonly idempotencyKey: string,
    readonly attempts: readonly FailedAttempt[],
    cause?: unknown,
  ) {
    super(
      `the payment may have been made: pay again with the idempotency key ${idempotencyKey} to know (${told(attempts)})`,
      { cause },
    );
  }
}

/** No Region gave an answer in time. Of a payment this is thrown only when it is certain that this call made none. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly kind = 'unavailable';

  constructor(
    readonly attempts: readonly FailedAttempt[],
    /** Of a payment: the key it was sent with. */
    readonly idempotencyKey?: string,
    cause?: unknown,
  ) {
    super(`no Region answered in time, and this call changed nothing: try again later (${told(attempts)})`, { cause });
  }
}

export type BillingError = Refused | OutcomeUnknown | Unavailable;

export const isBillingError = (error: unknown): error is BillingError =>
  error instanceof Refused || error instanceof OutcomeUnknown || error instanceof Unavailable;

const told = (attempts: readonly FailedAttempt[]): string =>
  attempts.length === 0 ? 'nothing was sent' : attempts.map(({ region, reason }) => `${region}: ${reason}`).join('; ');

const refusalMessage = ({ status, type, detail, errors, body }: Refusal): string => {
  const fields = (errors ?? []).map(({ field, message }) => `${field} ${message}`).join('; ');
  const why = fields || detail || body.slice(0, 200);
  return `refused with ${[status, type].filter((part) => part !== undefined).join(' ')}${why === '' ? '' : `: ${why}`}`;
};
