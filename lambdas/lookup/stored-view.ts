// Owns an account as the Region's view has it, paged.
// Leaves to open-view.ts the proof that the pages belong together.
import type { Fact } from '../domain/facts.ts';
import type { Period } from '../domain/ids.ts';
import type { StreamId } from '../domain/keys.ts';
import { type AccountSums, EMPTY_SUMS } from '../domain/sums.ts';
import type { FactPage } from '../ports/event-log.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import { READS } from '../shared/policies.ts';
import type { AccountView } from './account-view.ts';
import type { AccountReads } from './kept-reads.ts';

const { pageFacts, firstBillFacts, maxPages } = READS.view;

export class StoredView implements AccountView {
  constructor(
    private readonly reads: AccountReads,
    /** As read when the lookup began; undefined when the view holds nothing of the account. */
    private readonly totals: AccountSums | undefined,
  ) {}

  async sums(): Promise<AccountSums> {
    return this.totals ?? EMPTY_SUMS;
  }

  stream(stream: StreamId): Promise<readonly Fact[]> {
    return this.reads.stream(stream);
  }

  bills(downTo?: Period): AsyncIterable<Fact> {
    const range = downTo === undefined ? {} : { downTo };
    return pages((next) => {
      const limit = next.cursor === undefined ? firstBillFacts : pageFacts;
      return this.reads.bills({ limit, ...range, ...next });
    });
  }

  timeline(fromMs: number, toMs: number): AsyncIterable<Fact> {
    return pages((cursor) => this.reads.timeline({ fromMs, toMs, limit: pageFacts, ...cursor }));
  }

  balanceBefore(instantMs: number): Promise<bigint> {
    return this.reads.balanceBefore(instantMs);
  }
}

async function* pages(read: (cursor: { readonly cursor?: string }) => Promise<FactPage>): AsyncIterable<Fact> {
  let next: { readonly cursor?: string } = {};
  for (let page = 0; page < maxPages; page++) {
    const { facts, cursor } = await read(next);
    yield* facts;
    if (cursor === undefined) return;
    next = { cursor };
  }
  throw new ViewUnavailable(`one lookup needs more than ${maxPages * pageFacts} facts: ask for a shorter range`);
}
