// Owns what must hold of a chain of seals: each follows the one before, the ledger holds every member as it was sealed, every Region
// that verified a seal verified this one, and each archive holds the same seal with the same facts.
// Leaves to chain-links.ts how it is read, to look-at-account.ts what must hold of the facts themselves.
import { encodeFact } from '../../domain/codec.ts';
import { chainBreak, encodeSeal, NO_SEAL, type Seal, type SealHead, type SealMember } from '../../domain/seal.ts';
import { CorruptArchive } from '../../ports/archive.ts';
import { CorruptSeal, type VerifiedHead } from '../../ports/seals.ts';
import { lineName, type ViewLines } from '../../ports/view-lines.ts';
import { ARCHIVED_AFTER_MS } from '../policies.ts';
import { type ArchiveSource, type ChainLink, type ChainSources, chainLinks, readArchived } from './chain-links.ts';

export interface ChainFinding {
  readonly store: 'seals' | 'archive';
  /** Whose archive or verified head it is; of the ledger, through which it was read. */
  readonly region: string;
  readonly bucket: number;
  readonly ordinal: number;
  /** Of the fact of the seal that it is about. */
  readonly accountId?: string;
  readonly key?: string;
  readonly kind: 'missing' | 'corrupt' | 'differs';
  readonly problem: string;
}

export interface ChainCheck {
  readonly chains: ChainSources;
  /** Through which the ledger is read. */
  readonly region: string;
  /** The ledger's items by place, read strongly. */
  readonly items: Pick<ViewLines, 'lines'>;
  /** By Region: how far it has verified each chain. */
  readonly heads: ReadonlyMap<string, ReadonlyMap<number, VerifiedHead>>;
  /** Members and objects of other seals are not looked at; that they follow each other always is. */
  readonly concerns: (seal: Seal) => boolean;
  readonly nowMs: () => number;
}

export interface CheckedLink {
  /** None for what is missing behind the last. */
  readonly seals: 0 | 1;
  readonly findings: readonly ChainFinding[];
  /** Objects that an archive does not have and need not have yet. */
  readonly notYet: number;
  /** Where the chain stands after it. */
  readonly head: SealHead;
}

/** Every link after `from`, and at last what is missing at the end. @throws LedgerUnavailable, ViewUnavailable, ArchiveUnavailable */
export async function* checkChain(check: ChainCheck, bucket: number, from = NO_SEAL): AsyncGenerator<CheckedLink> {
  let head: SealHead | undefined = from;
  let last = from.ordinal;
  for await (const link of chainLinks(check.chains, bucket, from.ordinal)) {
    const checked = await checkLink(check, head, last, link);
    last = link.ordinal;
    head = checked.head;
    yield { seals: 1, findings: checked.findings, notYet: checked.notYet, head: head ?? { ordinal: last, hash: '' } };
  }
  const beyond = [...check.heads].flatMap(([region, heads]) => {
    const { ordinal } = heads.get(bucket) ?? NO_SEAL;
    const problem = `this Region has verified seal ${ordinal}, and ${last === 0 ? 'there is none' : `the chain ends with ${last}`}`;
    return ordinal > last ? [{ store: 'seals', region, bucket, ordinal, kind: 'missing', problem } as const] : [];
  });
  if (beyond.length > 0) yield { seals: 0, findings: beyond, notYet: 0, head: head ?? { ordinal: last, hash: '' } };
}

/** `head`: undefined behind a seal that nobody knows. */
const checkLink = async (
  check: ChainCheck,
  head: SealHead | undefined,
  last: number,
  link: ChainLink,
): Promise<Omit<CheckedLink, 'head' | 'seals'> & { readonly head: SealHead | undefined }> => {
  const { bucket, ordinal, sealed } = link;
  const about = { store: 'seals', region: check.region, bucket, ordinal } as const;
  const findings: ChainFinding[] = [];
  if (ordinal > last + 1) {
    const gap = ordinal === last + 2 ? `seal ${last + 1} is` : `seals ${last + 1} to ${ordinal - 1} are`;
    const problem = `${gap} in neither ledger nor archive`;
    findings.push({ ...about, ordinal: last + 1, kind: 'missing', problem });
  }
  const isLost = sealed === undefined || sealed instanceof CorruptSeal;
  if (isLost) findings.push({ ...about, ...lossOf(link, sealed) });
  // What the ledger has lost is judged by what was archived.
  const seal = isLost ? await archivedSeal(link) : sealed;
  if (seal === undefined) return { findings, notYet: 0, head: undefined };
  const own = headOf(seal);
  const broken = head === undefined || ordinal > last + 1 ? undefined : chainBreak(head, seal);
  if (broken !== undefined) findings.push({ ...about, kind: 'differs', problem: broken });
  for (const [region, heads] of check.heads) {
    const verified = heads.get(bucket);
    if (verified?.ordinal === ordinal && verified.hash !== own.hash)
      findings.push({ ...about, region, kind: 'differs', problem: 'this Region has verified another seal there' });
  }
  if (!check.concerns(seal)) return { findings, notYet: 0, head: own };
  findings.push(...(await checkMembers(check, seal)));
  const archives = await Promise.all(check.chains.archives.map((source) => checkObject(source, link, own)));
  const isYoung = check.nowMs() - seal.sealedAtMs < ARCHIVED_AFTER_MS;
  const found = archives.flatMap((finding) => finding ?? []);
  const real = isYoung ? found.filter(({ kind }) => kind !== 'missing') : found;
  return { findings: [...findings, ...real], notYet: found.length - real.length, head: own };
};

const lossOf = ({ archivedIn }: ChainLink, sealed: CorruptSeal | undefined): Pick<ChainFinding, 'kind' | 'problem'> => {
  if (sealed !== undefined) return { kind: 'corrupt', problem: sealed.reason };
  const where = archivedIn.map(({ region }) => region).join(' and ');
  return { kind: 'missing', problem: `is in the archive of ${where} and not in the ledger` };
};

const headOf = (seal: Seal): SealHead => ({ ordinal: seal.ordinal, hash: encodeSeal(seal).hash });

/** As the first archive has it that can be read. */
const archivedSeal = async (link: ChainLink): Promise<Seal | undefined> => {
  for (const source of link.archivedIn) {
    const archived = await readArchived(source, link);
    if (archived !== undefined && !(archived instanceof CorruptArchive)) return archived.seal;
  }
  return undefined;
};

const checkMembers = async (
  { items, region }: ChainCheck,
  { bucket, ordinal, members }: Seal,
): Promise<readonly ChainFinding[]> => {
  const held = await items.lines(members);
  const about = { store: 'seals', region, bucket, ordinal } as const;
  return members.flatMap((member: SealMember): readonly ChainFinding[] => {
    const { accountId, key, sum } = member;
    const item = held.get(lineName(member));
    if (item === undefined)
      return [{ ...about, accountId, key, kind: 'missing', problem: 'is sealed and not in the ledger' }];
    // A damaged item is a finding of its account, whether it is sealed or not.
    return item.kind === 'damaged' || encodeFact(item.fact).sum === sum
      ? []
      : [{ ...about, accountId, key, kind: 'differs', problem: 'the ledger holds another fact than was sealed' }];
  });
};

/** With the seal's hash and every line held to it by its checksum, the object is the ledger's facts byte for byte. */
const checkObject = async (
  source: ArchiveSource,
  link: ChainLink,
  { hash }: SealHead,
): Promise<ChainFinding | undefined> => {
  const { bucket, ordinal } = link;
  const about = { store: 'archive', region: source.region, bucket, ordinal } as const;
  const archived = link.archivedIn.includes(source) ? await readArchived(source, link) : undefined;
  if (archived === undefined) return { ...about, kind: 'missing', problem: 'is not in this archive' };
  if (archived instanceof CorruptArchive) return { ...about, kind: 'corrupt', problem: archived.reason };
  return headOf(archived.seal).hash === hash
    ? undefined
    : { ...about, kind: 'differs', problem: 'this archive holds another seal' };
};
