// Owns how a lookup gets its account: from the view, with the facts the client asked for laid over it, or from the ledger.
// Leaves to the routes what they compute; they may be run again, so they must only read.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import { keyOf } from '../domain/keys.ts';
import { type EventLog, LedgerUnavailable } from '../ports/event-log.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import { invalidRequest, Refusal } from '../shared/http/problem.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import type { AccountView } from './account-view.ts';
import type { AskedFact } from './asked-facts.ts';
import { EMPTY_VIEW, OverlaidView } from './overlaid-view.ts';
import { StoredView } from './stored-view.ts';

export interface ViewSources {
  readonly views: ViewReads;
  readonly ledger: Pick<EventLog, 'readStream' | 'readAccount'>;
  readonly telemetry: Telemetry;
}

export interface LookedUp<T> {
  readonly answer: T;
  /** `ledger`: read strongly, nothing is stale. */
  readonly source: 'view' | 'ledger';
}

/** A fact that arrives during a lookup has it done again: three times, and the account is busier than any payer's. */
const TRIES = 3;
/** About 2 MB: what a worker reads within a few seconds. Larger accounts wait for the view. */
const FALLBACK_FACTS = 2_000;
const FALLBACK_PAGE = 500;

/**
 * Runs `read` on the account with the facts that were asked for in it, each exactly once.
 * @throws Refusal 400 when one of them does not exist, 503 `not-yet-visible` or `view-unavailable`. @throws CorruptFact
 */
export const lookUp = async <T>(
  sources: ViewSources,
  accountId: AccountId,
  asked: readonly AskedFact[],
  read: (view: AccountView) => Promise<T>,
): Promise<LookedUp<T>> => {
  try {
    return { answer: await fromView(sources, accountId, asked, read), source: 'view' };
  } catch (error) {
    if (!(error instanceof ViewUnavailable)) throw error;
  }
  sources.telemetry.count(METRICS.viewFallbacks);
  const facts = await reachable(asked, () => wholeAccount(sources.ledger, accountId));
  requireFacts(asked, facts);
  return { answer: await read(new OverlaidView(EMPTY_VIEW, facts)), source: 'ledger' };
};

/**
 * The totals are read before and after everything else: while they count the same facts, nothing came in between. On an
 * account that never rests the last try is held to less: what is laid over the view must not have come into it meanwhile.
 */
const fromView = async <T>(
  sources: ViewSources,
  accountId: AccountId,
  asked: readonly AskedFact[],
  read: (view: AccountView) => Promise<T>,
): Promise<T> => {
  const { views } = sources;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = await views.sums(accountId);
    const stored = new StoredView(views, accountId, before);
    const missing = await factsNotInView(sources, accountId, asked);
    const answer = await read(missing.length === 0 ? stored : new OverlaidView(stored, missing));
    const after = await views.sums(accountId);
    if (before?.factCount === after?.factCount) return answer;
    if (attempt === TRIES && (await areStillMissing(views, missing))) return answer;
  }
  throw new Refusal('not-yet-visible', 'The facts asked for are just coming in: try again');
};

const areStillMissing = async (views: ViewReads, facts: readonly Fact[]): Promise<boolean> => {
  const arrived = await Promise.all(facts.map((fact) => views.fact(fact.accountId, keyOf(fact))));
  return arrived.every((fact) => fact === undefined);
};

/** Of the streams that hold facts the view lacks, every fact it lacks: read strongly, never the whole account. */
const factsNotInView = async (
  { views, ledger }: ViewSources,
  accountId: AccountId,
  asked: readonly AskedFact[],
): Promise<readonly Fact[]> => {
  const seen = await Promise.all(asked.map(({ key }) => views.fact(accountId, key)));
  const unseen = asked.filter((_, index) => seen[index] === undefined);
  const streams = [...new Set(unseen.map(({ stream }) => stream))];
  const facts = await Promise.all(streams.map((stream) => reachable(asked, () => ledger.readStream(accountId, stream))));
  requireFacts(unseen, facts.flat());
  const held = await Promise.all(streams.map((stream) => views.stream(accountId, stream)));
  const heldKeys = new Set(held.flat().map(keyOf));
  return facts.flat().filter((fact) => !heldKeys.has(keyOf(fact)));
};

const requireFacts = (asked: readonly AskedFact[], facts: readonly Fact[]): void => {
  const held = new Set(facts.map(keyOf));
  if (asked.every(({ key }) => held.has(key))) return;
  throw invalidRequest([{ field: 'Baseload-After', message: 'names a fact that does not exist' }]);
};

/** @throws Refusal 503 when the ledger cannot be asked: this Region may be cut off, the other one is not. */
const reachable = async <T>(asked: readonly AskedFact[], read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    throw new Refusal(
      asked.length > 0 ? 'not-yet-visible' : 'view-unavailable',
      'This Region cannot reach the ledger: ask the other one, or try again',
    );
  }
};

const wholeAccount = async (ledger: ViewSources['ledger'], accountId: AccountId): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  let next: { readonly cursor?: string } = {};
  while (facts.length < FALLBACK_FACTS) {
    const page = await ledger.readAccount(accountId, { limit: FALLBACK_PAGE, ...next });
    facts.push(...page.facts);
    if (page.cursor === undefined) return facts;
    next = { cursor: page.cursor };
  }
  throw new Refusal('view-unavailable', `The account has more than ${FALLBACK_FACTS} facts: try again`);
};
