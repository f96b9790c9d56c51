// Owns the archiving of one seal: its facts gathered, each held to the seal's checksum, and put as one object.
// Leaves to the port that a repeat changes nothing, and to seal-windows which seals are sound.
import { encodeFact } from '../domain/codec.ts';
import type { Fact } from '../domain/facts.ts';
import type { SealMember } from '../domain/seal.ts';
import type { Archive, PutResult } from '../ports/archive.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { SealLog } from '../ports/seals.ts';
import { type ViewStore, ViewUnavailable } from '../ports/view-store.ts';
import type { ArchiveMessage } from '../shared/messages.ts';
import { AT_ONCE } from '../shared/policies.ts';

export interface ArchiveDeps {
  readonly seals: Pick<SealLog, 'read'>;
  readonly ledger: Pick<EventLog, 'readFact'>;
  /** Behind its breaker: whatever goes wrong there is ViewUnavailable. */
  readonly views: Pick<ViewStore, 'fact'>;
  readonly archive: Pick<Archive, 'put'>;
}

/** @throws Error when the seal or one of its facts is nowhere to be read as the seal has it, and whatever the ports throw */
export const archiveSeal = async (deps: ArchiveDeps, { bucket, ordinal }: ArchiveMessage): Promise<PutResult> => {
  const seal = await deps.seals.read(bucket, ordinal);
  if (seal === undefined) throw new Error(`there is no seal ${ordinal} of bucket ${bucket} in the ledger`);
  return deps.archive.put({ seal, facts: await factsOf(deps, seal.members) });
};

const factsOf = async (deps: ArchiveDeps, members: readonly SealMember[]): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  const left = members.entries();
  const readNext = async (): Promise<void> => {
    for (const [place, member] of left) facts[place] = await factOf(deps, member);
  };
  await Promise.all(Array.from({ length: AT_ONCE.archivedFactReads }, readNext));
  return facts;
};

/** The view costs a tenth of a strong read across Regions, and the checksum says whether its copy is the fact. */
const factOf = async ({ ledger, views }: ArchiveDeps, member: SealMember): Promise<Fact> => {
  const { accountId, key } = member;
  const copy = await views.fact(accountId, key).catch((error: unknown) => {
    if (error instanceof ViewUnavailable) return undefined;
    throw error;
  });
  if (copy !== undefined && isMember(copy, member)) return copy;
  const fact = await ledger.readFact(accountId, key);
  if (fact !== undefined && isMember(fact, member)) return fact;
  throw new Error(`fact ${key} of account ${accountId} is ${fact ? 'not as its seal has it' : 'not in the ledger'}`);
};

const isMember = (fact: Fact, { sum }: SealMember): boolean => encodeFact(fact).sum === sum;
