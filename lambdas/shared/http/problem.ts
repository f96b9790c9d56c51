// Owns the refusals of the API: every stable `type` slug with its status and title (RFC 9457).
// Leaves to reply.ts how one is written, and to the handlers when one is due.

/** Slug → status, title and, where a client should wait, how long. Slugs are part of the API and never change. */
const PROBLEMS = {
  unauthorized: { status: 401, title: 'A valid bearer token is needed' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'scope-missing': { status: 403, title: 'The token lacks the scope for this' },
  'account-forbidden': { status: 403, title: 'The token does not cover this account' },
  'route-not-found': { status: 404, title: 'There is nothing at this address' },
  'region-not-evacuated': { status: 404, title: 'This Region does not hold that one to be evacuated' },
  'account-not-found': { status: 404, title: 'There is no such account' },
  'bill-not-found': { status: 404, title: 'There is no such bill on this account' },
  'payment-not-found': { status: 404, title: 'There is no such payment on this account' },
  'batch-not-found': { status: 404, title: 'There is no such batch of readings' },
  'position-not-found': { status: 404, title: 'There is no fact at this position' },
  'account-exists': { status: 409, title: 'The account exists with other particulars' },
  'tariff-not-found': { status: 404, title: 'There is no such tariff' },
  'tariff-missing': { status: 409, title: 'A meter of the account has no tariff to be billed by' },
  'tariff-currency': { status: 409, title: "The tariff is in another currency than the account's" },
  'meter-taken': { status: 409, title: 'The meter belongs to another account' },
  'catalog-full': { status: 409, title: 'No further meter or version fits' },
  'usage-missing': { status: 409, title: 'There is no usage to bill' },
  'bill-exists': { status: 409, title: 'The period is billed already' },
  'refund-exceeds-payment': { status: 409, title: 'The refund exceeds what is left of the payment' },
  'already-reversed': { status: 409, title: 'The effect is undone already' },
  'not-reversible': { status: 409, title: 'This kind of fact cannot be reversed' },
  'stream-full': { status: 409, title: 'No further change fits on this record' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of a media type that is not taken here' },
  'wrong-jurisdiction': { status: 421, title: 'The account belongs to another jurisdiction' },
  'idempotency-key-reuse': { status: 422, title: 'The idempotency key was used with another body' },
  'too-many-requests': { status: 429, title: 'Too many requests for this account' },
  'internal-error': { status: 500, title: 'Something is wrong on our side' },
  'not-attempted': { status: 503, title: 'Nothing was written', retryAfterSeconds: 1 },
  'outcome-unknown': { status: 503, title: 'It may have been written', retryAfterSeconds: 1 },
  'not-yet-visible': { status: 503, title: 'This Region cannot see that yet', retryAfterSeconds: 1 },
  'view-unavailable': { status: 503, title: 'This Region cannot look that up now', retryAfterSeconds: 2 },
  'clock-skew': { status: 503, title: 'The clocks of the Regions are too far apart', retryAfterSeconds: 2 },
} as const satisfies Record<string, { status: number; title: string; retryAfterSeconds?: number }>;

export type ProblemSlug = keyof typeof PROBLEMS;
export const PROBLEM_SLUGS = Object.keys(PROBLEMS) as readonly ProblemSlug[];

/** One thing that is wrong with a request. `field` is a dotted path, a header's name, or `body`; never a value. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The body of a refusal. */
export interface Problem {
  readonly type: ProblemSlug;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export const problemStatus = (slug: ProblemSlug): number => PROBLEMS[slug].status;

/** Seconds a client should wait before it tries again; undefined where waiting does not help. */
export const retryAfterSeconds = (slug: ProblemSlug): number | undefined => {
  const problem = PROBLEMS[slug];
  return 'retryAfterSeconds' in problem ? problem.retryAfterSeconds : undefined;
};

/**
 * A refusal on its way out of a handler. Domain refusals are values; this is thrown only between a handler's steps and
 * the router, so that parse → load → decide → append → reply reads as five lines.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly slug: ProblemSlug,
    /** What was wrong and what to do; no values of the client, no internals. */
    readonly detail: string,
    readonly errors?: readonly FieldError[],
    /** Seconds to wait, where the slug alone does not tell. */
    readonly waitSeconds: number | undefined = retryAfterSeconds(slug),
  ) {
    super(`${slug}: ${detail}`);
  }

  get problem(): Problem {
    const { status, title } = PROBLEMS[this.slug];
    const base = { type: this.slug, title, status, detail: this.detail };
    return this.errors === undefined ? base : { ...base, errors: this.errors };
  }
}

/** `400 invalid-request` with one line per field. */
export const invalidRequest = (errors: readonly FieldError[]): Refusal =>
  new Refusal(
    'invalid-request',
    `${errors.length === 1 ? 'One field is' : `${errors.length} fields are`} not valid`,
    errors,
  );
