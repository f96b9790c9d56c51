// Owns a view with facts laid over it that it does not hold: every answer contains each fact exactly once.
// Laid over nothing, all facts of an account are its view: that is how the ledger stands in for a broken one.
import type { Fact } from '../domain/facts.ts';
import type { Period } from '../domain/ids.ts';
import { keyOf, type StreamId } from '../domain/keys.ts';
import { receivableEffect } from '../domain/postings.ts';
import { byTime } from '../domain/statement.ts';
import { type AccountSums, addSums, EMPTY_SUMS, effectOnSums } from '../domain/sums.ts';
import type { AccountView } from './account-view.ts';

type Order = (a: Fact, b: Fact) => number;

const byOrdinal: Order = (a, b) => a.ordinal - b.ordinal;
const byKeyDescending: Order = (a, b) => (keyOf(a) < keyOf(b) ? 1 : -1);

export class OverlaidView implements AccountView {
  constructor(
    private readonly base: AccountView,
    /** Facts of the account that `base` does not hold. */
    private readonly extra: readonly Fact[],
  ) {}

  async sums(): Promise<AccountSums> {
    return this.extra.map(effectOnSums).reduce(addSums, await this.base.sums());
  }

  async stream(stream: StreamId): Promise<readonly Fact[]> {
    const extra = this.extra.filter((fact) => fact.stream === stream);
    return [...(await this.base.stream(stream)), ...extra].sort(byOrdinal);
  }

  bills(downTo?: Period): AsyncIterable<Fact> {
    const extra = this.extra.filter(({ stream }) => stream.startsWith('b#') && stream >= `b#${downTo ?? ''}`);
    return merged(this.base.bills(downTo), extra.sort(byKeyDescending), byKeyDescending);
  }

  timeline(fromMs: number, toMs: number): AsyncIterable<Fact> {
    const extra = this.extra.filter(({ occurredAtMs }) => occurredAtMs >= fromMs && occurredAtMs < toMs);
    return merged(this.base.timeline(fromMs, toMs), extra.sort(byTime), byTime);
  }

  async balanceBefore(instantMs: number): Promise<bigint> {
    const before = this.extra.filter(({ occurredAtMs }) => occurredAtMs < instantMs);
    const balance = await this.base.balanceBefore(instantMs);
    return before.reduce((sum, fact) => sum + receivableEffect(fact), balance);
  }
}

/** `extra`, in the same order, taken in between. */
async function* merged(base: AsyncIterable<Fact>, extra: readonly Fact[], order: Order): AsyncIterable<Fact> {
  let next = 0;
  for await (const fact of base) {
    for (let candidate = extra[next]; candidate !== undefined && order(candidate, fact) < 0; candidate = extra[next]) {
      yield candidate;
      next += 1;
    }
    yield fact;
  }
  yield* extra.slice(next);
}

/** An account of which nothing is known. */
export const EMPTY_VIEW: AccountView = {
  sums: async () => EMPTY_SUMS,
  stream: async () => [],
  bills: () => none(),
  timeline: () => none(),
  balanceBefore: async () => 0n,
};

async function* none(): AsyncIterable<Fact> {}
