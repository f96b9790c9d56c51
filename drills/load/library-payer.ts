// Owns a payer's program that uses the client of this repository, with its defaults.
// Leaves to client/ everything that it does about a Region that fails.
import { BillingClient, isBillingError } from '../../client/src/index.ts';
import type { Payer } from './payer.ts';

export interface LibraryPayerOptions {
  /** The Regions' own endpoints, the nearest first. */
  readonly regions: readonly string[];
  readonly token: string;
}

export const libraryPayer = (options: LibraryPayerOptions): Payer => {
  const client = new BillingClient(options);
  return {
    send: async ({ accountId, idempotencyKey, amountMinor }) => {
      try {
        const payment = { amountMinor, currency: 'USD', method: 'card' };
        const { paymentId, position } = await client.pay(accountId, payment, { idempotencyKey });
        return { kind: 'acknowledged', receipt: { paymentId, position } };
      } catch (error) {
        return { kind: 'refused', what: isBillingError(error) ? error.kind : String(error) };
      }
    },
    close: () => undefined,
  };
};
