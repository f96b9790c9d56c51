// Owns how a lookup gets its account: from the view, with the facts the client asked for laid over it, or from the ledger.
// Leaves to the routes what they compute; they may be run again, so they must only read.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import { type FactKey, keyOf, type StreamId } from '../domain/keys.ts';
import { equalSums } from '../domain/sums.ts';
import type { EventLog } from '../ports/event-log.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import { invalidRequest, Refusal } from '../shared/http/problem.ts';
import { METRICS } from '../shared/metric-names.ts';
import { READS } from '../shared/policies.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import type { AccountView } from './account-view.ts';
import type { AskedFact } from './asked-facts.ts';
import { AccountReads, type KeptReads } from './kept-reads.ts';
import { EMPTY_VIEW, OverlaidView } from './overlaid-view.ts';
import { reachable } from './reachable.ts';
import { StoredView } from './stored-view.ts';
import type { Trust } from './view-trust.ts';

export interface ViewSources {
  readonly views: ViewReads;
  readonly kept: KeptReads;
  readonly ledger: Pick<EventLog, 'readStream' | 'readAccount'>;
  readonly telemetry: Telemetry;
}

/** `ledger`: read strongly, nothing is stale. */
export type Source = 'view' | 'ledger';

type Read<T> = (view: AccountView, source: Source) => Promise<T | undefined>;

export interface LookedUp<T> {
  /** Undefined: `read` found nothing, in the ledger neither. */
  readonly answer: T | undefined;
  readonly source: Source;
}

const { lookupTries, fallback } = READS;

export interface Wanted {
  readonly accountId: AccountId;
  /** Facts that must be in the answer. */
  readonly asked: readonly AskedFact[];
  /** The one stream the answer is about: if the view cannot answer, the ledger is asked for it. */
  readonly about: StreamId | undefined;
  readonly trust: Trust;
}

/**
 * Runs `read` on the account with the facts that were asked for in it, each exactly once.
 * @throws Refusal 400 when one of them does not exist, 503 `not-yet-visible` or `view-unavailable`. @throws CorruptFact
 */
export const lookUp = async <T>(sources: ViewSources, wanted: Wanted, read: Read<T>): Promise<LookedUp<T>> => {
  if (wanted.trust !== 'whole') {
    try {
      return await fromLedger(sources, wanted, read, 'not-yet-visible');
    } catch (error) {
      // An old view has no holes: a Region that was cut off for long shows it, and says how old it is.
      if (wanted.trust === 'incomplete' || !(error instanceof Refusal && error.slug === 'not-yet-visible')) throw error;
    }
  }
  try {
    return { answer: await fromView(sources, wanted, read), source: 'view' };
  } catch (error) {
    if (!(error instanceof ViewUnavailable)) throw error;
  }
  return fromLedger(sources, wanted, read, 'view-unavailable');
};

/** @throws Refusal 503 `otherwise` when the ledger cannot be asked, or the account is too large to be read for one lookup */
const fromLedger = async <T>(
  { ledger, telemetry }: ViewSources,
  { accountId, asked }: Wanted,
  read: Read<T>,
  otherwise: 'not-yet-visible' | 'view-unavailable',
): Promise<LookedUp<T>> => {
  telemetry.count(METRICS.viewFallbacks);
  const facts = await reachable(otherwise, () => wholeAccount(ledger, accountId, otherwise));
  requireFacts(asked, facts);
  return { answer: await read(new OverlaidView(EMPTY_VIEW, facts), 'ledger'), source: 'ledger' };
};

/**
 * The totals are read before and after everything else: while they count the same facts, nothing came in between. What was read under
 * the same totals before is not read again, and if that is all, there was no between. On an account that never rests the last try is
 * held to less: what is laid over the view must not have come into it meanwhile.
 */
const fromView = async <T>(
  { views, kept, ledger }: ViewSources,
  { accountId, asked, about }: Wanted,
  read: Read<T>,
): Promise<T | undefined> => {
  for (let attempt = 1; attempt <= lookupTries; attempt++) {
    const before = await views.sums(accountId);
    const reads = new AccountReads(views, accountId, kept.of(accountId, before));
    const stored = new StoredView(reads, before);
    const overlay = new Overlay(reads, ledger, accountId);
    await overlay.addAsked(asked);
    let answer = await read(overlay.over(stored), 'view');
    if (answer === undefined && about !== undefined) {
      // Not in the view is not the same as not there (DESIGN D2).
      await overlay.addStream(about);
      answer = await read(overlay.over(stored), 'view');
    }
    if (!reads.hasRead) return answer;
    if (equalSums(before, await views.sums(accountId))) {
      if (before !== undefined) kept.keep(accountId, before, reads.made);
      return answer;
    }
    if (attempt === lookupTries && (await overlay.isStillMissing(views))) return answer;
  }
  throw new Refusal('not-yet-visible', 'The facts asked for are just coming in: try again');
};

/** The facts that the view lacks, of the streams that were asked about: read strongly, never the whole account. */
class Overlay {
  readonly #missing = new Map<FactKey, Fact>();

  constructor(
    private readonly reads: AccountReads,
    private readonly ledger: ViewSources['ledger'],
    private readonly accountId: AccountId,
  ) {}

  over(view: AccountView): AccountView {
    return this.#missing.size === 0 ? view : new OverlaidView(view, [...this.#missing.values()]);
  }

  async addAsked(asked: readonly AskedFact[]): Promise<void> {
    const seen = await Promise.all(asked.map(({ key }) => this.reads.fact(key)));
    const unseen = asked.filter((_, index) => seen[index] === undefined);
    const streams = [...new Set(unseen.map(({ stream }) => stream))];
    const facts = await Promise.all(streams.map((stream) => this.addStream(stream)));
    requireFacts(unseen, facts.flat());
  }

  /** Every fact the ledger has of the stream. */
  async addStream(stream: StreamId): Promise<readonly Fact[]> {
    const facts = await reachable('not-yet-visible', () => this.ledger.readStream(this.accountId, stream));
    const held = new Set((await this.reads.stream(stream)).map(keyOf));
    for (const fact of facts) if (!held.has(keyOf(fact))) this.#missing.set(keyOf(fact), fact);
    return facts;
  }

  /** Nothing of it has come into the view since. */
  async isStillMissing(views: ViewReads): Promise<boolean> {
    const arrived = await Promise.all([...this.#missing.keys()].map((key) => views.fact(this.accountId, key)));
    return arrived.every((fact) => fact === undefined);
  }
}

const requireFacts = (asked: readonly AskedFact[], facts: readonly Fact[]): void => {
  const held = new Set(facts.map(keyOf));
  if (asked.every(({ key }) => held.has(key))) return;
  throw invalidRequest([{ field: 'Baseload-After', message: 'names a fact that does not exist' }]);
};

const wholeAccount = async (
  ledger: ViewSources['ledger'],
  accountId: AccountId,
  otherwise: 'not-yet-visible' | 'view-unavailable',
): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  let next: { readonly cursor?: string } = {};
  while (facts.length < fallback.maxFacts) {
    const page = await ledger.readAccount(accountId, { limit: fallback.pageFacts, ...next });
    facts.push(...page.facts);
    if (page.cursor === undefined) return facts;
    next = { cursor: page.cursor };
  }
  throw new Refusal(otherwise, `The account has more than ${fallback.maxFacts} facts: try again`);
};
