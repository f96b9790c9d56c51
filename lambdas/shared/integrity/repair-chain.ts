// Owns the repair of chains and archives: a seal that the ledger has lost comes from the archives, an object that does not hold is put
// anew from the ledger's facts, or from the other archive's.
// Leaves to check-chain.ts what is wrong, to repair-account.ts the facts themselves, to people what contradicts itself.
import { encodeFact } from '../../domain/codec.ts';
import type { Fact } from '../../domain/facts.ts';
import { keyOf } from '../../domain/keys.ts';
import { chainBreak, encodeSeal, headAfter, NO_SEAL, type Seal, type SealHead } from '../../domain/seal.ts';
import { type ArchivedSeal, CorruptArchive } from '../../ports/archive.ts';
import { CorruptSeal } from '../../ports/seals.ts';
import { lineName, type ViewLines } from '../../ports/view-lines.ts';
import { type ArchiveSource, type ChainSources, readArchived } from './chain-links.ts';
import type { ChainFinding } from './check-chain.ts';

export type ChainRemedy =
  | { readonly kind: 'seal'; readonly seal: Seal; readonly from: string }
  | { readonly kind: 'object'; readonly archived: ArchivedSeal; readonly into: ArchiveSource; readonly isNew: boolean };

export interface ChainRepair {
  readonly chains: ChainSources;
  readonly items: Pick<ViewLines, 'lines'>;
}

/**
 * What can be done about a finding; undefined when no copy proves how it was, or when it is about a fact, which is its account's.
 * @throws LedgerUnavailable, ViewUnavailable, ArchiveUnavailable
 */
export const chainRemedy = async (repair: ChainRepair, finding: ChainFinding): Promise<ChainRemedy | undefined> => {
  if (finding.key !== undefined) return undefined;
  return finding.store === 'archive' ? objectRemedy(repair, finding) : sealRemedy(repair, finding);
};

/** @throws LedgerUnavailable, ArchiveUnavailable; all may be asked for again */
export const applyChainRemedy = async ({ chains }: ChainRepair, remedy: ChainRemedy): Promise<void> => {
  if (remedy.kind === 'seal') return chains.seals.restore(remedy.seal);
  const { archive } = remedy.into;
  if (!remedy.isNew) return archive.rewrite(remedy.archived);
  await archive.put(remedy.archived);
};

/** All archives that have it say the same, it follows the seal before it, and the one after it follows it. */
const sealRemedy = async ({ chains }: ChainRepair, finding: ChainFinding): Promise<ChainRemedy | undefined> => {
  if (finding.kind === 'differs') return undefined;
  const { bucket, ordinal } = finding;
  const held = await soundArchived(chains, finding);
  const [first] = held;
  if (first === undefined) return undefined;
  const { seal } = first.archived;
  const { hash } = encodeSeal(seal);
  if (held.some(({ archived }) => encodeSeal(archived.seal).hash !== hash)) return undefined;
  const before = await headBefore(chains, bucket, ordinal);
  if (before === undefined || chainBreak(before, seal) !== undefined) return undefined;
  const next = await readSeal(chains, bucket, ordinal + 1);
  return next === undefined || next.previous === hash ? { kind: 'seal', seal, from: first.region } : undefined;
};

const objectRemedy = async (
  { chains, items }: ChainRepair,
  finding: ChainFinding,
): Promise<ChainRemedy | undefined> => {
  const into = chains.archives.find(({ region }) => region === finding.region);
  const [other] = await soundArchived(chains, finding);
  const seal = (await readSeal(chains, finding.bucket, finding.ordinal)) ?? other?.archived.seal;
  if (into === undefined || seal === undefined) return undefined;
  const facts = await factsOf(chains, items, seal);
  return facts && { kind: 'object', archived: { seal, facts }, into, isNew: finding.kind === 'missing' };
};

/** Each as its checksum in the seal proves it: the ledger's item, or an archive's. */
const factsOf = async (
  chains: ChainSources,
  items: Pick<ViewLines, 'lines'>,
  seal: Seal,
): Promise<readonly Fact[] | undefined> => {
  const held = await items.lines(seal.members);
  const others = new Map(
    (await soundArchived(chains, seal)).flatMap(({ archived }) =>
      archived.facts.map((fact) => [lineName({ accountId: fact.accountId, key: keyOf(fact) }), fact]),
    ),
  );
  const facts = seal.members.flatMap((member) => {
    const line = held.get(lineName(member));
    const candidates = [line?.kind === 'held' ? line.fact : undefined, others.get(lineName(member))];
    return candidates.find((fact) => fact !== undefined && encodeFact(fact).sum === member.sum) ?? [];
  });
  return facts.length === seal.members.length ? facts : undefined;
};

const headBefore = async (chains: ChainSources, bucket: number, ordinal: number): Promise<SealHead | undefined> => {
  if (ordinal === 1) return NO_SEAL;
  const before = await readSeal(chains, bucket, ordinal - 1);
  if (before !== undefined) return headAfter(before);
  const [archived] = await soundArchived(chains, { bucket, ordinal: ordinal - 1 });
  return archived && headAfter(archived.archived.seal);
};

const readSeal = async ({ seals }: ChainSources, bucket: number, ordinal: number): Promise<Seal | undefined> => {
  try {
    return await seals.read(bucket, ordinal);
  } catch (error) {
    if (error instanceof CorruptSeal) return undefined;
    throw error;
  }
};

const soundArchived = async (
  { archives }: ChainSources,
  place: { readonly bucket: number; readonly ordinal: number },
): Promise<readonly { readonly region: string; readonly archived: ArchivedSeal }[]> => {
  const read = await Promise.all(
    archives.map(async (source) => ({ region: source.region, archived: await readArchived(source, place) })),
  );
  return read.flatMap(({ region, archived }) =>
    archived === undefined || archived instanceof CorruptArchive ? [] : [{ region, archived }],
  );
};
