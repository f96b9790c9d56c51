// Owns what payers of a drill have been acknowledged so far, and what has become of it at the processor.
// Leaves to auditor.ts what the ledger holds of it.
import { acceptanceKey, paymentStream } from '../../local/payment-key.ts';
import type { OpenLoad } from '../load/open-load.ts';
import type { Harness } from '../pair/harness.ts';
import { booksOf } from '../pair/own-run.ts';

interface Made {
  readonly accountId: string;
  readonly paymentId: string;
}

export class PaymentsMade {
  constructor(
    private readonly baseload: Harness,
    private readonly load: Pick<OpenLoad, 'arrivals'>,
  ) {}

  /** How many, on one account or all. */
  count(account?: string): number {
    return this.#made().filter(({ accountId }) => account === undefined || accountId === account).length;
  }

  /** Whether the processor has collected all of them, but for those of one account. */
  async areSettled(but?: string): Promise<boolean> {
    return (await this.#unsettled()).every(({ accountId }) => accountId === but);
  }

  async countUnsettled(): Promise<number> {
    return (await this.#unsettled()).length;
  }

  /** Messages as their acceptance sends them to `settlements`. */
  messages(): readonly object[] {
    return this.#made().map(({ accountId, paymentId }) => ({ accountId, stream: paymentStream(paymentId) }));
  }

  /** Where the ledger holds them, oldest first. */
  facts(): readonly { readonly pk: string; readonly sk: string }[] {
    return this.#made().map(({ accountId, paymentId }) => ({ pk: accountId, sk: acceptanceKey(paymentId) }));
  }

  async #unsettled(): Promise<readonly Made[]> {
    const { charges } = await booksOf(this.baseload);
    const collected = new Set(charges.filter(({ status }) => status === 'collected').map(({ paymentId }) => paymentId));
    return this.#made().filter(({ paymentId }) => !collected.has(paymentId));
  }

  #made(): readonly Made[] {
    return this.load.arrivals.flatMap(({ accountId, acknowledged }) =>
      acknowledged === undefined ? [] : [{ accountId, paymentId: acknowledged.paymentId }],
    );
  }
}
