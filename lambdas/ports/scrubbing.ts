// Owns what a Region's scrubber has to look at: where its walks are, and the accounts in which somebody met damage.
// Like all region-state it works when the ledger does not. Losing it costs a walk from the beginning.
import type { AccountId } from '../domain/ids.ts';

/** What is walked through: each finds accounts that the other store has lost altogether. */
export type Walk = 'ledger' | 'views';

/** Where a walk goes on. */
export interface WalkPlace {
  /** Absent at the beginning. */
  readonly cursor?: string;
  /** The account that was looked at last: it may go on over the page's end. */
  readonly lastAccount?: AccountId;
}

/** More are left to the walk: so many at once are no bits that flipped. */
export const MAX_SUSPECTS = 500;

/** @throws RegionStateUnavailable, as every method here */
export interface Suspects {
  /** Asks for a look at the account within a minute. Repeating changes nothing. */
  suspect(accountId: AccountId): Promise<void>;
}

export interface Scrubbing extends Suspects {
  suspects(): Promise<readonly AccountId[]>;
  clear(accountId: AccountId): Promise<void>;
  place(walk: Walk): Promise<WalkPlace>;
  moveTo(walk: Walk, place: WalkPlace): Promise<void>;
}
