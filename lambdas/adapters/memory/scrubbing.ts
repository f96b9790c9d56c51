// Owns the twin in memory of what a scrubber has to look at.
// Leaves to adapters/dynamo the rows that survive their process.
import type { AccountId } from '../../domain/ids.ts';
import { MAX_SUSPECTS, type Scrubbing, type Walk, type WalkPlace } from '../../ports/scrubbing.ts';

export class MemoryScrubbing implements Scrubbing {
  readonly #suspects = new Set<AccountId>();
  readonly #places = new Map<Walk, WalkPlace>();

  async suspect(accountId: AccountId): Promise<void> {
    if (this.#suspects.size < MAX_SUSPECTS) this.#suspects.add(accountId);
  }

  async suspects(): Promise<readonly AccountId[]> {
    return [...this.#suspects].sort();
  }

  async clear(accountId: AccountId): Promise<void> {
    this.#suspects.delete(accountId);
  }

  async place(walk: Walk): Promise<WalkPlace> {
    return this.#places.get(walk) ?? {};
  }

  async moveTo(walk: Walk, place: WalkPlace): Promise<void> {
    this.#places.set(walk, place);
  }
}
