// Owns one attempt to pay, as a payer's client sends it: through the front door, with a key that the next attempt has too.
// Leaves to payers.ts and flood.ts whether there is a next attempt.
import type { Intent } from './payment-book.ts';

/** What API Gateway takes at most, and a little. */
const ATTEMPT_TIMEOUT_MS = 31_000;

export type Attempt =
  | { readonly kind: 'acknowledged'; readonly paymentId: string }
  /** 429 or 503: nothing was done, or the same key will tell. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed' };

export interface Till {
  /** The front door. */
  readonly api: string;
  /** A payer's, for the account that pays. */
  readonly token: string;
}

/** Never rejects: what a payer sees of trouble is a failed attempt. */
export const pay = async ({ api, token }: Till, intent: Intent): Promise<Attempt> => {
  try {
    const response = await fetch(`${api}/v1/accounts/${intent.accountId}/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': intent.idempotencyKey,
      },
      body: JSON.stringify({ amountMinor: intent.amountMinor, currency: 'USD', method: 'card' }),
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    const body = (await response.json()) as { readonly paymentId?: unknown };
    if (response.status === 201 && typeof body.paymentId === 'string')
      return { kind: 'acknowledged', paymentId: body.paymentId };
    return { kind: response.status === 429 || response.status === 503 ? 'refused' : 'failed' };
  } catch {
    return { kind: 'failed' };
  }
};
