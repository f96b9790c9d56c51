// Owns what a whole ledger holds, facts and seals, as two digests that do not depend on order: of a table, or of what archives and views
// together say that it must hold.
// Leaves to cli/ledger-replay.ts how a table gets it.
import { encodeFact } from '../../domain/codec.ts';
import type { Fact } from '../../domain/facts.ts';
import { keyOf } from '../../domain/keys.ts';
import { encodeSeal, SEAL_BUCKETS, type Seal } from '../../domain/seal.ts';
import { EMPTY_SET, isSameSet, type SetDigest, withText } from '../../domain/set-digest.ts';
import { type ArchivedSeal, CorruptArchive } from '../../ports/archive.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { FactCopies } from '../../ports/fact-copies.ts';
import type { SealLog } from '../../ports/seals.ts';
import { lineName, type ViewLines } from '../../ports/view-lines.ts';
import { type ArchiveSource, chainLinks, readArchived } from './chain-links.ts';

export interface Contents {
  readonly facts: SetDigest;
  readonly seals: SetDigest;
  /** What stands there and is none of both: damaged items, or objects that no archive holds soundly. */
  readonly unreadable: readonly string[];
}

export const isSameContents = (a: Contents, b: Contents): boolean =>
  isSameSet(a.facts, b.facts) && isSameSet(a.seals, b.seals);

const PAGE = 250;

/** The checksum is that of the body, so this line stands for the whole item. */
const factLine = (fact: Fact): string =>
  `${fact.accountId}|${keyOf(fact)}|${fact.schemaVersion}|${encodeFact(fact).sum}`;
const sealLine = (seal: Seal): string => `${seal.bucket}|${seal.ordinal}|${encodeSeal(seal).hash}`;

/** Of a table, every item read strongly. `onFacts` is told how many. @throws LedgerUnavailable */
export const contentsOfTable = async (
  { ledger, seals }: { readonly ledger: Pick<EventLog, 'scan'>; readonly seals: SealLog },
  onFacts: (count: number) => void = () => undefined,
): Promise<Contents> => {
  const unreadable: string[] = [];
  let facts = EMPTY_SET;
  let cursor: string | undefined;
  do {
    const page = await ledger.scan({
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
      onCorrupt: (error) => unreadable.push(error.message),
    });
    for (const fact of page.facts) facts = withText(facts, factLine(fact));
    onFacts(facts.count);
    cursor = page.cursor;
  } while (cursor !== undefined);
  let sealed = EMPTY_SET;
  for (let bucket = 0; bucket < SEAL_BUCKETS; bucket++) {
    for await (const { sealed: seal, ordinal } of chainLinks({ seals, archives: [] }, bucket, 0)) {
      if (seal instanceof Error || seal === undefined)
        unreadable.push(`seal ${ordinal} of bucket ${bucket} is corrupt`);
      else sealed = withText(sealed, sealLine(seal));
    }
  }
  return { facts, seals: sealed, unreadable };
};

export interface OtherCopies {
  readonly archives: readonly ArchiveSource[];
  readonly views: readonly {
    readonly region: string;
    readonly rows: FactCopies;
    readonly lines: Pick<ViewLines, 'lines'>;
  }[];
}

/** Contents of archives and views together. */
export interface UnitedContents extends Contents {
  /** Facts that an archive holds, each once; the others only views hold: they are younger than the last archived seal. */
  readonly archivedFacts: number;
}

/**
 * What archives and views together hold: each view's facts that no view before it has, then archived facts that no view has. In memory
 * are the places of the facts of one of 64 chains. @throws ViewUnavailable, ArchiveUnavailable
 */
export const contentsOfCopies = async (copies: OtherCopies): Promise<UnitedContents> => {
  const { views, archives } = copies;
  let facts = EMPTY_SET;
  for (const [place, view] of views.entries()) {
    for await (const found of factsOfView(view.rows)) {
      const seen = await heldIn(views.slice(0, place), found);
      for (const fact of found) if (!seen.has(placeName(fact))) facts = withText(facts, factLine(fact));
    }
  }
  const unreadable: string[] = [];
  let [seals, archivedFacts] = [EMPTY_SET, 0];
  for (let bucket = 0; bucket < SEAL_BUCKETS; bucket++) {
    const places = new Set<string>();
    for await (const link of archivedChain(archives, bucket, 0)) {
      if (link.archived === undefined) {
        unreadable.push(`seal ${link.ordinal} of bucket ${bucket}: ${link.problem}`);
        continue;
      }
      seals = withText(seals, sealLine(link.archived.seal));
      const inViews = await heldIn(views, link.archived.facts);
      for (const fact of link.archived.facts) {
        const name = placeName(fact);
        if (places.has(name)) continue;
        places.add(name);
        if (!inViews.has(name)) facts = withText(facts, factLine(fact));
      }
    }
    archivedFacts += places.size;
  }
  return { facts, seals, unreadable, archivedFacts };
};

/** Sound rows, an account at a time; an account that goes on over two pages comes once. @throws ViewUnavailable */
export async function* factsOfView(rows: FactCopies): AsyncGenerator<readonly Fact[]> {
  let cursor: string | undefined;
  let last: string | undefined;
  do {
    const page = await rows.accounts({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const accountId of page.accounts) {
      if (accountId === last) continue;
      last = accountId;
      const held = await rows.account(accountId, 'strong');
      yield held.flatMap(({ copy }) => (copy.kind === 'sound' ? [copy.fact] : []));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

export interface ArchivedLink {
  readonly ordinal: number;
  readonly archived?: ArchivedSeal;
  /** Why it is not there. */
  readonly problem?: string;
}

/** The chain as the archives have it, after `after`. An object that one of them holds damaged is taken from the other. @throws ArchiveUnavailable */
export async function* archivedChain(
  archives: readonly ArchiveSource[],
  bucket: number,
  after: number,
): AsyncGenerator<ArchivedLink> {
  let last = after;
  for await (const link of chainLinks({ seals: NO_LEDGER, archives }, bucket, after)) {
    for (let ordinal = last + 1; ordinal < link.ordinal; ordinal++) yield { ordinal, problem: 'no archive has it' };
    last = link.ordinal;
    yield { ordinal: link.ordinal, ...(await soundOne(link)) };
  }
}

const soundOne = async (link: {
  readonly bucket: number;
  readonly ordinal: number;
  readonly archivedIn: readonly ArchiveSource[];
}): Promise<Omit<ArchivedLink, 'ordinal'>> => {
  const read = await Promise.all(link.archivedIn.map((source) => readArchived(source, link)));
  const sound = read.flatMap((one) => (one === undefined || one instanceof CorruptArchive ? [] : [one]));
  const [first] = sound;
  if (first === undefined) return { problem: 'no archive holds it undamaged' };
  const { hash } = encodeSeal(first.seal);
  return sound.every(({ seal }) => encodeSeal(seal).hash === hash)
    ? { archived: first }
    : { problem: 'the archives contradict each other' };
};

/** Where the ledger is not asked. */
const NO_LEDGER: Pick<SealLog, 'after'> = { after: async () => ({ seals: [] }) };

const placeName = (fact: Fact): string => lineName({ accountId: fact.accountId, key: keyOf(fact) });

/** The names of those that one of the views holds undamaged. */
const heldIn = async (
  views: readonly { readonly lines: Pick<ViewLines, 'lines'> }[],
  facts: readonly Fact[],
): Promise<ReadonlySet<string>> => {
  const places = facts.map((fact) => ({ accountId: fact.accountId, key: keyOf(fact) }));
  const held = new Set<string>();
  for (const { lines } of views)
    for (const [name, line] of await lines.lines(places)) if (line.kind === 'held') held.add(name);
  return held;
};
