// Owns what a lookup says when it needs the ledger and the ledger cannot be asked.
// Leaves to the router what a write says then.
import { LedgerUnavailable } from '../ports/event-log.ts';
import { Refusal } from '../shared/http/problem.ts';

/** @throws Refusal 503 when the ledger cannot be asked: this Region may be cut off, the other one is not. */
export const reachable = async <T>(
  otherwise: 'not-yet-visible' | 'view-unavailable',
  read: () => Promise<T>,
): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    throw new Refusal(otherwise, 'This Region cannot reach the ledger: ask the other one, or try again');
  }
};
