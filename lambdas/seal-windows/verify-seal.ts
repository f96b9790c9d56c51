// Owns the comparison of one seal with this Region's own data: all of it is here, it may still come, or the ledger says otherwise.
// Leaves to mend-view.ts how a view gets what the ledger proves, to work-chain.ts what follows.
import { encodeFact } from '../domain/codec.ts';
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Seal, SealMember } from '../domain/seal.ts';
import { CorruptFact, type EventLog } from '../ports/event-log.ts';
import { lineName, type ViewLine, type ViewLines } from '../ports/view-lines.ts';
import { SEALS } from '../shared/policies.ts';
import { type MendDeps, mendAccount } from './mend-view.ts';

export interface VerifyDeps extends MendDeps {
  readonly ledger: Pick<EventLog, 'readAccount' | 'readFact'>;
  readonly lines: ViewLines;
}

/** A fact of which this Region's ledger and the seal do not say the same. */
export interface Finding {
  readonly accountId: AccountId;
  readonly key: string;
  readonly reason: string;
}

export type Verdict =
  | { readonly kind: 'verified'; readonly facts: readonly Fact[]; readonly mended: readonly SealMember[] }
  /** What is missing may still come through the stream, or the view could not be mended yet. */
  | { readonly kind: 'unverified'; readonly missing: number; readonly mended: readonly SealMember[] }
  | { readonly kind: 'difference'; readonly findings: readonly Finding[] };

/**
 * @param coveredMs everything written before it has come through this Region's stream; 0 when nobody can say
 * @throws LedgerUnavailable, ViewUnavailable
 */
export const verifySeal = async (deps: VerifyDeps, seal: Seal, coveredMs: number): Promise<Verdict> => {
  const { facts, unlike } = await compare(deps.lines, seal.members);
  if (unlike.length === 0) return { kind: 'verified', facts, mended: [] };
  // Every member was in the ledger when the seal was made, so a stream that has come past that moment has brought it.
  if (coveredMs < seal.sealedAtMs + SEALS.clockSlackMs) {
    return { kind: 'unverified', missing: unlike.length, mended: [] };
  }
  const findings: Finding[] = [];
  for (const member of unlike) {
    const reason = await contradiction(deps.ledger, member);
    if (reason !== undefined) findings.push({ accountId: member.accountId, key: member.key, reason });
  }
  if (findings.length > 0) return { kind: 'difference', findings };
  for (const accountId of new Set(unlike.map((member) => member.accountId))) await mendAccount(deps, accountId);
  const again = await compare(deps.lines, seal.members);
  const still = new Set(again.unlike);
  const mended = unlike.filter((member) => !still.has(member));
  return again.unlike.length === 0
    ? { kind: 'verified', facts: again.facts, mended }
    : { kind: 'unverified', missing: again.unlike.length, mended };
};

const compare = async (lines: ViewLines, members: readonly SealMember[]) => {
  const held = await lines.lines(members);
  const facts: Fact[] = [];
  const unlike: SealMember[] = [];
  for (const member of members) {
    const fact = likeMember(held.get(lineName(member)), member);
    if (fact === undefined) unlike.push(member);
    else facts.push(fact);
  }
  return { facts, unlike };
};

const likeMember = (line: ViewLine | undefined, { sum }: SealMember): Fact | undefined =>
  line?.kind === 'held' && encodeFact(line.fact).sum === sum ? line.fact : undefined;

/** Why the ledger does not prove what the seal says; undefined when it does. */
const contradiction = async (
  ledger: Pick<EventLog, 'readFact'>,
  { accountId, key, sum }: SealMember,
): Promise<string | undefined> => {
  try {
    const fact = await ledger.readFact(accountId, key);
    if (fact === undefined) return 'the ledger does not hold it';
    return encodeFact(fact).sum === sum ? undefined : 'the ledger holds another fact in its place';
  } catch (error) {
    if (error instanceof CorruptFact) return `the ledger’s item is corrupt: ${error.reason}`;
    throw error;
  }
};
