// Owns what a worker knows of accounts: that they exist, their currency, their time zone. All of it never changes.
// Leaves to the ledger the last word: "there is no such account" is never said by a view (DESIGN D2).
import type { AccountOpened } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import { accountStream, factKey } from '../domain/keys.ts';
import type { EventLog } from '../ports/event-log.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import type { ViewReads } from './guarded-views.ts';
import { Refusal } from './http/problem.ts';

const OPENING = factKey(accountStream, 0);

/** Some 300 bytes each: a few megabytes of the smallest function. */
const CAPACITY = 10_000;

export class Accounts {
  /** In order of use, the least recent first. */
  readonly #known = new Map<AccountId, AccountOpened>();

  constructor(
    private readonly ledger: Pick<EventLog, 'readFact'>,
    private readonly views: Pick<ViewReads, 'fact'>,
    private readonly capacity: number = CAPACITY,
  ) {}

  /**
   * The opening fact of the account: from memory, else from the view, else strongly from the ledger.
   * @throws Refusal 404 when the ledger has none. @throws LedgerUnavailable `not-attempted`
   */
  async require(accountId: AccountId): Promise<AccountOpened> {
    const opened = this.#known.get(accountId) ?? (await this.#inView(accountId)) ?? (await this.find(accountId));
    if (opened === undefined) throw new Refusal('account-not-found', `Nothing was opened under ${accountId}`);
    this.remember(opened);
    return opened;
  }

  /** Strongly, from the ledger alone. */
  async find(accountId: AccountId): Promise<AccountOpened | undefined> {
    const fact = await this.ledger.readFact(accountId, OPENING);
    return fact?.type === 'AccountOpened' ? fact : undefined;
  }

  remember(opened: AccountOpened): void {
    this.#known.delete(opened.accountId);
    this.#known.set(opened.accountId, opened);
    if (this.#known.size <= this.capacity) return;
    const [leastRecent] = this.#known.keys();
    if (leastRecent !== undefined) this.#known.delete(leastRecent);
  }

  async #inView(accountId: AccountId): Promise<AccountOpened | undefined> {
    try {
      const fact = await this.views.fact(accountId, OPENING);
      return fact?.type === 'AccountOpened' ? fact : undefined;
    } catch (error) {
      if (error instanceof ViewUnavailable) return undefined;
      throw error;
    }
  }
}
