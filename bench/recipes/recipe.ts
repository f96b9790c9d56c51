// Owns what is compared: one way to write a payment once.
// Leaves to the files beside this one how each does it.
import type { Prepare } from '../harness/interleave.ts';
import { accountName, opened } from '../workload/history.ts';

/** Payment `n`, of the account whose turn it is; it resolves when it is durable and rejects when it was not accepted. */
export type PayOnce = Prepare;

export interface Recipe {
  readonly name: string;
  readonly open: (endpoint: string) => PayOnce;
}

/** So many that none is asked for more than five payments in ten seconds: such payers cost the limit of requests nothing. */
export const ACCOUNTS = 1_000;

export const accountOf = (n: number) => accountName(`payer${n % ACCOUNTS}`);

/** In cents. */
export const amountOf = (n: number): number => 100 + (n % 10_000);

export const openedAccounts = () => Array.from({ length: ACCOUNTS }, (_, n) => opened(accountOf(n)));
