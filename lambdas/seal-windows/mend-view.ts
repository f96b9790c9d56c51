// Owns how the view of one account gets the facts that it lacks and the ledger holds: with their sums where those were never counted,
// alone where only lines were lost.
// Leaves to the scrubber an account whose lines and sums must be judged together, to verify-seal.ts when any of it is needed.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import { keyOf } from '../domain/keys.ts';
import { CorruptFact, type EventLog } from '../ports/event-log.ts';
import type { Suspects } from '../ports/scrubbing.ts';
import { lineName, type ViewLines } from '../ports/view-lines.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { SEALS } from '../shared/policies.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface MendDeps {
  readonly ledger: Pick<EventLog, 'readAccount'>;
  readonly views: Pick<ViewStore, 'apply' | 'sums'>;
  readonly lines: ViewLines;
  readonly scrubbing: Suspects;
  readonly telemetry: Telemetry;
}

const PAGE = 1_000;

/**
 * The number of facts that the sums count tells the two cases apart: a batch that never came is in neither, a line that was removed
 * behind the application's back is still in the sums. Where it fits neither, a wrong guess would count money twice: the scrubber replays
 * the account within a minute (D21), and the next run looks again.
 * @throws LedgerUnavailable, ViewUnavailable, RegionStateUnavailable
 */
export const mendAccount = async (deps: MendDeps, accountId: AccountId): Promise<void> => {
  const { views, lines } = deps;
  const counted = await countOf(views, accountId);
  const facts = await factsOf(deps, accountId);
  if (typeof facts === 'string') return handOver(deps, accountId, facts);
  const held = await lines.lines(facts.map(placeOf));
  // Facts that came through the stream meanwhile are in one of the figures and not in the other: the next run finds them settled.
  if ((await countOf(views, accountId)) !== counted) return;
  const absent = facts.filter((fact) => !held.has(lineName(placeOf(fact))));
  for (const fact of facts) if (held.get(lineName(placeOf(fact)))?.kind === 'damaged') await lines.putLine(fact);
  const heldCount = facts.length - absent.length;
  if (counted === heldCount) return views.apply(absent);
  if (counted !== facts.length) return handOver(deps, accountId, `its sums count ${counted} facts of ${facts.length}`);
  for (const fact of absent) await lines.putLine(fact);
};

const handOver = async ({ scrubbing, telemetry }: MendDeps, accountId: AccountId, reason: string): Promise<void> => {
  telemetry.warn('the view of an account is left to the scrubber', { accountId, reason });
  await scrubbing.suspect(accountId);
};

const placeOf = (fact: Fact) => ({ accountId: fact.accountId, key: keyOf(fact) });

const countOf = async (views: Pick<ViewStore, 'sums'>, accountId: AccountId): Promise<number> =>
  (await views.sums(accountId))?.factCount ?? 0;

/** All of the account, or why they cannot be had. */
const factsOf = async (
  { ledger }: Pick<MendDeps, 'ledger'>,
  accountId: AccountId,
): Promise<readonly Fact[] | string> => {
  const facts: Fact[] = [];
  let next: { cursor?: string } = {};
  try {
    while (facts.length <= SEALS.factsPerMend) {
      const page = await ledger.readAccount(accountId, { limit: PAGE, ...next });
      facts.push(...page.facts);
      if (page.cursor === undefined) return facts;
      next = { cursor: page.cursor };
    }
  } catch (error) {
    if (error instanceof CorruptFact) return `of its items in the ledger one is corrupt: ${error.key}`;
    throw error;
  }
  return `it has more than ${SEALS.factsPerMend} facts`;
};
