// Owns what every lookup of an account does: checks, account, facts asked for, the view, and the headers that say where it came from.
// Leaves to a file per route what is read from the view.
import type { AccountOpened, Fact } from '../domain/facts.ts';
import { encodePosition, type Position, type StreamId } from '../domain/keys.ts';
import { positionOf } from '../shared/fact-answers.ts';
import { type ApiEvent, header } from '../shared/http/event.ts';
import type { LimitedRoute } from '../shared/http/limited-route.ts';
import { type ProblemSlug, Refusal } from '../shared/http/problem.ts';
import { HEADERS, type Reply, revalidatedReply } from '../shared/http/reply.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { AccountView } from './account-view.ts';
import { type AskedFact, readAskedFacts } from './asked-facts.ts';
import type { LookupWorker } from './lookup-deps.ts';
import { lookUp } from './open-view.ts';
import { reachable } from './reachable.ts';

export interface Answer {
  readonly body: object;
  /** The newest fact in the answer, where it names any. */
  readonly newest?: Fact | undefined;
}

export interface ReadContext {
  readonly account: AccountOpened;
  readonly nowMs: number;
  /** Every fact of before it is in the view; undefined while that is not known. */
  readonly watermarkMs: number | undefined;
}

export interface AccountRoute<Query> {
  /** What the client asks for. @throws Refusal 400, or 404 for an id of another form */
  readonly query: (event: ApiEvent) => Query;
  /** The one stream the answer is about, if there is one: a view that lacks it does not make it a 404. */
  readonly stream?: (query: Query) => StreamId;
  /** Undefined: there is no such thing on the account. May be run more than once. */
  readonly read: (view: AccountView, query: Query, context: ReadContext) => Promise<Answer | undefined>;
  readonly notFound?: ProblemSlug;
  readonly revalidates?: true;
}

export const accountRoute =
  <Query>(deps: LookupWorker, route: AccountRoute<Query>): LimitedRoute =>
  async (event, accountId) => {
    const account = await reachable('not-yet-visible', () => deps.accounts.require(accountId));
    const query = route.query(event);
    const asked = readAskedFacts(event, accountId);
    const watermarkMs = await deps.staleness.watermarkMs();
    const nowMs = deps.clock.nowMs();
    const trust = await deps.trust.of(watermarkMs);
    const { answer, source } = await lookUp(
      deps,
      { accountId, asked, about: route.stream?.(query), trust },
      (view, from) => route.read(view, query, { account, nowMs, watermarkMs: from === 'ledger' ? nowMs : watermarkMs }),
    );
    if (answer === undefined)
      throw new Refusal(route.notFound ?? 'account-not-found', 'Look for its id in the statement');
    const stalenessMs = source === 'ledger' ? 0 : ageOf(watermarkMs, nowMs);
    if (stalenessMs !== undefined) deps.telemetry.milliseconds(METRICS.viewStalenessMs, stalenessMs);
    const headers = provenance(newestPosition(account, answer, asked), stalenessMs);
    return reply(route, answer, event, headers);
  };

/** Every answer contains the account's opening, whatever else is in it. */
const newestPosition = (account: AccountOpened, { newest }: Answer, asked: readonly AskedFact[]): Position => {
  if (newest !== undefined) return positionOf(newest);
  const last = asked.at(-1);
  return last === undefined ? positionOf(account) : encodePosition(account.accountId, last.key);
};

const provenance = (position: Position, stalenessMs: number | undefined): Record<string, string> => ({
  [HEADERS.position]: position,
  ...(stalenessMs === undefined ? {} : { [HEADERS.stalenessMs]: String(stalenessMs) }),
});

const reply = (
  { revalidates }: Pick<AccountRoute<unknown>, 'revalidates'>,
  { body }: Answer,
  event: ApiEvent,
  headers: Record<string, string>,
): Reply =>
  revalidates ? revalidatedReply(body, header(event, 'if-none-match'), headers) : { status: 200, body, headers };

/** A mark of 0 is one as well: a view that may be as old as time. */
const ageOf = (watermarkMs: number | undefined, nowMs: number): number | undefined =>
  watermarkMs === undefined ? undefined : Math.max(0, nowMs - watermarkMs);
