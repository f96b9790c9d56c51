// Owns the repair of one account: what the copies prove is put back, the repair of a ledger item is recorded, and it is looked at again.
// Leaves to domain/repair.ts what may be put back. Nothing is written over anything but what was seen.
import type { AccountId } from '../../domain/ids.ts';
import { type Remedy, remediesFor, repairFact } from '../../domain/repair.ts';
import { type Finding, factsOfView } from '../../domain/verify-account.ts';
import type { Clock } from '../../ports/clock.ts';
import { CorruptFact, type EventLog } from '../../ports/event-log.ts';
import { REPAIR_ROUNDS } from '../policies.ts';
import { type AccountLook, lookAtAccount, type Sources } from './look-at-account.ts';

export interface RepairDeps {
  readonly sources: Sources;
  readonly ledger: Pick<EventLog, 'append'>;
  /** In whose name the repair is recorded. */
  readonly region: string;
  readonly clock: Clock;
}

export interface AccountRepair {
  readonly repaired: readonly Remedy[];
  /** What no copy proves how it was. */
  readonly left: readonly Finding[];
}

/** @throws LedgerUnavailable, ViewUnavailable; what was put back by then stays, and all may be asked for again. */
export const repairAccount = async (deps: RepairDeps, accountId: AccountId): Promise<AccountRepair> => {
  const repaired: Remedy[] = [];
  for (let round = 1; ; round++) {
    const look = await lookAtAccount(deps.sources, accountId, 'strong');
    const remedies = remediesOf(deps.sources, look);
    if (remedies.length === 0 || round > REPAIR_ROUNDS) return { repaired, left: look.report.findings };
    for (const remedy of remedies) if (await apply(deps, accountId, look, remedy)) repaired.push(remedy);
  }
};

/** What a repair would do first; also what a dry run shows. */
export const remediesOf = ({ views }: Sources, { copies, report }: AccountLook): readonly Remedy[] =>
  remediesFor(copies, report.findings, views[0].derived.replay);

/** False when somebody else was there in between: the next look shows what is left to do. */
const apply = async (
  { sources, ledger, region, clock }: RepairDeps,
  accountId: AccountId,
  look: AccountLook,
  remedy: Remedy,
): Promise<boolean> => {
  if (remedy.kind === 'ledger-item') {
    const found = look.seenInLedger(remedy.key);
    // First the record, then the deed: a repair that nobody knows of cannot be.
    await record(ledger, repairFact(remedy, { found, region, nowMs: clock.nowMs() }));
    return sources.ledger.items.restore(accountId, remedy.key, remedy.copy, found);
  }
  const source = sources.views.find((view) => view.region === remedy.region);
  if (source === undefined) throw new Error(`no view of ${remedy.region} is at hand`);
  if (remedy.kind === 'view-row') {
    const found = look.seenInView(remedy.region, remedy.key);
    if (found !== undefined) return source.rows.restore(accountId, remedy.key, remedy.copy, found);
    // As the stream would have brought it. Where it had been and was taken away, the sums now have it twice: the next look's finding.
    await source.store.apply([remedy.copy.fact]);
    return true;
  }
  const view = look.copies.views.find((one) => one.region === remedy.region);
  const facts = view && factsOfView(look.copies, view);
  if (facts === undefined) return false;
  const expected = source.derived.replay(facts);
  return source.derived.restore(accountId, look.stampOf(remedy.region), remedy.keys, expected);
};

const record = async (ledger: RepairDeps['ledger'], fact: ReturnType<typeof repairFact>): Promise<void> => {
  try {
    // An occupied place is the same repair, recorded before.
    await ledger.append(fact);
  } catch (error) {
    // The record itself is damaged: it is the next to be repaired, and must not keep this one from it.
    if (!(error instanceof CorruptFact)) throw error;
  }
};
