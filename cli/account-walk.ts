// Owns the way over every account there is: those that the ledger has anything of, then those that only views have.
// Leaves to the commands what is done at each, and where the place is kept between two runs.
import type { AccountId } from '../lambdas/domain/ids.ts';
import type { Sources } from '../lambdas/shared/integrity/look-at-account.ts';

/** Where a walk goes on. Stage 0 is the ledger, each further one the view of a Region. */
export interface WalkPlace {
  readonly stage: number;
  readonly cursor?: string;
  /** The account looked at last: it may go on over the page's end. */
  readonly lastAccount?: string;
  /** Items of the ledger gone over. */
  readonly items: number;
}

export const BEGINNING: WalkPlace = { stage: 0, items: 0 };

/** One request. */
const PAGE = 250;

/** Pages of accounts, none twice unless it goes on over a whole page; `next` is where to go on once they are done with. */
export async function* walkAccounts(
  { ledger, views }: Sources,
  from: WalkPlace,
): AsyncGenerator<{ readonly accounts: readonly AccountId[]; readonly next: WalkPlace }> {
  const stores = [ledger.items, ...views.map(({ rows }) => rows)];
  let place = from;
  for (let store = stores[place.stage]; store !== undefined; store = stores[place.stage]) {
    const { stage, cursor: at, lastAccount } = place;
    const page = await store.accounts({ limit: PAGE, ...(at !== undefined && { cursor: at }) });
    const unseen = page.accounts.filter((accountId) => accountId !== lastAccount);
    const seenBefore = await Promise.all(
      unseen.map(async (id) => (await Promise.all(stores.slice(0, stage).map((one) => one.has(id)))).includes(true)),
    );
    const items = place.items + (stage === 0 ? page.items : 0);
    const last = page.accounts.at(-1) ?? lastAccount;
    place =
      page.cursor === undefined
        ? { stage: stage + 1, items }
        : { stage, items, cursor: page.cursor, ...(last !== undefined && { lastAccount: last }) };
    yield { accounts: unseen.filter((_, index) => seenBefore[index] !== true), next: place };
  }
}
