// Owns the twin of the ledger in memory: encoded facts under their keys, with the same checks on the way out.
// Leaves faults, Regions and time to the simulator that wraps it.
import type { Fact } from '../../domain/facts.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { FactKey, StreamId } from '../../domain/keys.ts';
import type { AppendResult, CorruptFact, EventLog, FactPage } from '../../ports/event-log.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { loadFact, readable, type StoredFact, storeFact } from '../stored-fact.ts';

const ALL_KEYS = { from: '', to: '\u007f' };
const byKey = (a: StoredFact, b: StoredFact) => (a.sk < b.sk ? -1 : 1);

export class MemoryEventLog implements EventLog {
  /** Account id to fact key to what is stored. */
  readonly accounts = new Map<string, Map<string, StoredFact>>();

  async append(fact: Fact): Promise<AppendResult> {
    const stored = storeFact(fact);
    const account = this.accounts.get(stored.pk) ?? new Map<string, StoredFact>();
    const held = account.get(stored.sk);
    if (held) return { kind: 'occupied', fact: loadFact(held) };
    this.accounts.set(stored.pk, account.set(stored.sk, stored));
    return { kind: 'appended' };
  }

  async readFact(accountId: AccountId, key: FactKey): Promise<Fact | undefined> {
    const stored = this.accounts.get(accountId)?.get(key);
    return stored && loadFact(stored);
  }

  async readStream(accountId: AccountId, stream: StreamId): Promise<readonly Fact[]> {
    return this.#sorted(accountId)
      .filter(({ sk }) => sk.startsWith(`${stream}#`))
      .map(loadFact);
  }

  async readAccount(
    accountId: AccountId,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<FactPage> {
    const after = page.cursor === undefined ? '' : fromCursor(page.cursor, ALL_KEYS);
    return pageOf(
      this.#sorted(accountId).filter(({ sk }) => sk > after),
      page.limit,
      ({ sk }) => toCursor(sk),
    );
  }

  /** In order of insertion, the cursor counting facts: what is appended during a scan of an account may be repeated, never skipped. */
  async scan({
    limit,
    cursor,
    segment = { index: 0, of: 1 },
    onCorrupt,
  }: Parameters<EventLog['scan']>[0]): Promise<FactPage> {
    const accounts = [...this.accounts].filter(([accountId]) => segmentOf(accountId, segment.of) === segment.index);
    const all = accounts.flatMap(([, facts]) => [...facts.values()]);
    const start = Number(cursor ?? 0);
    return pageOf(all.slice(start), limit, () => String(start + limit), onCorrupt);
  }

  #sorted(accountId: string): StoredFact[] {
    return [...(this.accounts.get(accountId)?.values() ?? [])].sort(byKey);
  }
}

/** Spreads accounts over segments, always the same way. */
const segmentOf = (accountId: string, segments: number): number =>
  [...accountId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % segments;

const pageOf = (
  rest: readonly StoredFact[],
  limit: number,
  cursorOf: (last: StoredFact) => string,
  onCorrupt?: (error: CorruptFact) => void,
): FactPage => {
  const page = rest.slice(0, limit);
  const facts = onCorrupt === undefined ? page.map(loadFact) : readable(page, loadFact, onCorrupt);
  const last = rest.length > limit ? rest[limit - 1] : undefined;
  return last === undefined ? { facts } : { facts, cursor: cursorOf(last) };
};
