// Owns the accounts that the control room pays from: opened at the first payment of a run, and the token that may pay from them.
// Leaves to payers.ts and flood.ts the payments.
import { demoRequest } from '../demo/demo-request.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { Till } from './pay.ts';

/** Payers pay for half an hour, but the clock of a run can be moved days ahead meanwhile. */
const TOKEN_TTL_SECONDS = 30 * 86_400;

export interface PayerAccountsOptions {
  readonly api: string;
  readonly issuer: Pick<Issuer, 'token'>;
  readonly accounts: readonly string[];
}

export class PayerAccounts {
  #opened: Promise<void> | undefined;

  constructor(private readonly options: PayerAccountsOptions) {}

  /** A token that is good from now on, once the accounts are open. @throws Error naming the refused request */
  async till(): Promise<Till> {
    const { api, issuer, accounts } = this.options;
    this.#opened ??= this.#open();
    // What failed is tried anew the next time: an account that is open already answers 200.
    await this.#opened.catch((cause: unknown) => {
      this.#opened = undefined;
      throw cause;
    });
    const scope = 'billing:pay billing:read';
    return { api, token: await issuer.token({ accounts, scope, ttlSeconds: TOKEN_TTL_SECONDS }) };
  }

  async #open(): Promise<void> {
    const { api, issuer, accounts } = this.options;
    const token = await issuer.token({ accounts: [], scope: 'billing:operate' });
    for (const accountId of accounts) {
      const body = { accountId, name: 'A payer', currency: 'USD', timeZone: 'America/New_York' };
      await demoRequest({ api, token }, 'POST', '/v1/accounts', { body });
    }
  }
}
