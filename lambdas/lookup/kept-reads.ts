// Owns what a worker keeps of the accounts it has looked at: reads of the view, which hold for as long as the account's totals are the same.
// Leaves to open-view.ts the proof that reads and totals belong together.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { FactKey, StreamId } from '../domain/keys.ts';
import { type AccountSums, equalSums } from '../domain/sums.ts';
import type { Clock } from '../ports/clock.ts';
import type { FactPage } from '../ports/event-log.ts';
import type { BillsAsked } from '../ports/view-store.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import { READS } from '../shared/policies.ts';

/** By what was asked. */
type Reads = ReadonlyMap<string, FactPage>;

interface Kept {
  readonly totals: AccountSums;
  readonly sinceMs: number;
  readonly reads: Reads;
}

const NOTHING: Reads = new Map();

/** One a worker. A view only ever gains facts, and the totals count each: while they are the same, nothing of the account has changed. */
export class KeptReads {
  /** The account that was looked at last comes last. */
  readonly #accounts = new Map<AccountId, Kept>();
  #facts = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: { readonly facts: number; readonly forMs: number } = READS.kept,
  ) {}

  /** What was read under exactly these totals, which were just read. */
  of(accountId: AccountId, totals: AccountSums | undefined): Reads {
    const kept = this.#take(accountId);
    if (kept === undefined || !equalSums(kept.totals, totals)) return NOTHING;
    if (this.clock.nowMs() - kept.sinceMs >= this.limits.forMs) return NOTHING;
    this.#put(accountId, kept);
    return kept.reads;
  }

  /** Keeps `made` too: what was read between `totals` and the same totals again. */
  keep(accountId: AccountId, totals: AccountSums, made: Reads): void {
    const kept = this.#take(accountId);
    const known = kept !== undefined && equalSums(kept.totals, totals) ? kept : undefined;
    const reads = known === undefined ? made : new Map([...known.reads, ...made]);
    this.#put(accountId, { totals, sinceMs: known?.sinceMs ?? this.clock.nowMs(), reads });
    for (const oldest of this.#accounts.keys()) {
      if (this.#facts <= this.limits.facts) break;
      this.#take(oldest);
    }
  }

  #take(accountId: AccountId): Kept | undefined {
    const kept = this.#accounts.get(accountId);
    if (kept === undefined) return undefined;
    this.#accounts.delete(accountId);
    this.#facts -= sizeOf(kept);
    return kept;
  }

  #put(accountId: AccountId, kept: Kept): void {
    this.#accounts.set(accountId, kept);
    this.#facts += sizeOf(kept);
  }
}

/** That there is nothing takes room as well. */
const sizeOf = ({ reads }: Kept): number =>
  [...reads.values()].reduce((facts, page) => facts + Math.max(1, page.facts.length), 0);

/** The reads of one lookup, all of them after its totals: what is kept is not read again. */
export class AccountReads {
  readonly #made = new Map<string, FactPage>();
  #hasRead = false;

  constructor(
    private readonly views: ViewReads,
    private readonly accountId: AccountId,
    private readonly kept: Reads,
  ) {}

  /** Whether the view was asked for anything. */
  get hasRead(): boolean {
    return this.#hasRead;
  }
  /** What of it may be kept. */
  get made(): Reads {
    return this.#made;
  }

  async fact(key: FactKey): Promise<Fact | undefined> {
    const { facts } = await this.#once(`fact ${key}`, async () => {
      const fact = await this.views.fact(this.accountId, key);
      return { facts: fact === undefined ? [] : [fact] };
    });
    return facts[0];
  }

  async stream(stream: StreamId): Promise<readonly Fact[]> {
    const read = async () => ({ facts: await this.views.stream(this.accountId, stream) });
    return (await this.#once(`stream ${stream}`, read)).facts;
  }

  bills(page: BillsAsked): Promise<FactPage> {
    const name = `bills ${page.limit} ${page.downTo ?? ''} ${page.cursor ?? ''}`;
    return this.#once(name, () => this.views.bills(this.accountId, page));
  }

  /** Hardly asked for twice with the same end: not kept. */
  timeline(page: Parameters<ViewReads['timeline']>[1]): Promise<FactPage> {
    this.#hasRead = true;
    return this.views.timeline(this.accountId, page);
  }

  /** As timeline. */
  balanceBefore(instantMs: number): Promise<bigint> {
    this.#hasRead = true;
    return this.views.balanceBefore(this.accountId, instantMs);
  }

  async #once(name: string, read: () => Promise<FactPage>): Promise<FactPage> {
    const kept = this.kept.get(name) ?? this.#made.get(name);
    if (kept !== undefined) return kept;
    this.#hasRead = true;
    const page = await read();
    this.#made.set(name, page);
    return page;
  }
}
