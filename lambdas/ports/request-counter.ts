// Owns how the workers of a Region count together what one account asks of them.
// Leaves to domain/account-limit.ts what a count means.
import type { AccountId } from '../domain/ids.ts';

/** Requests that are limited apart from each other. */
export type Budget = 'payments' | 'lookups';

export interface CountedWindow {
  readonly budget: Budget;
  readonly accountId: AccountId;
  /** Epoch milliseconds. */
  readonly windowStartMs: number;
}

export interface RequestCounter {
  /** Adds `requests` in one step; resolves with the new total of the window. @throws RequestCounterUnavailable */
  add(window: CountedWindow, requests: number): Promise<number>;
}

/** The count did not come in time; the requests may have been added. */
export class RequestCounterUnavailable extends Error {
  override readonly name = 'RequestCounterUnavailable';
}
