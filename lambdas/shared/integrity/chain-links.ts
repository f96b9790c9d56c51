// Owns one chain of seals as the ledger and the archives hold it together: ordinal by ordinal, a page of each in memory.
// Leaves to check-chain.ts what is wrong with it, to repair-chain.ts what is done about that.
import type { Seal } from '../../domain/seal.ts';
import { type Archive, type ArchivedSeal, CorruptArchive } from '../../ports/archive.ts';
import type { CorruptSeal, SealLog } from '../../ports/seals.ts';

export interface ArchiveSource {
  readonly region: string;
  readonly archive: Archive;
}

export interface ChainSources {
  readonly seals: SealLog;
  readonly archives: readonly ArchiveSource[];
}

/** What it takes to read a chain. */
type ReadChain = Omit<ChainSources, 'seals'> & { readonly seals: Pick<SealLog, 'after'> };

export interface ChainLink {
  readonly bucket: number;
  readonly ordinal: number;
  /** As the ledger holds it. */
  readonly sealed: Seal | CorruptSeal | undefined;
  /** Those that have an object of it. */
  readonly archivedIn: readonly ArchiveSource[];
}

/** Seals are up to 200 KB, names of objects are not. */
const SEALS_A_PAGE = 25;
const OBJECTS_A_PAGE = 1_000;

/** What there is of the chain after `ordinal`, ascending; an ordinal that nobody holds is left out. @throws LedgerUnavailable, ArchiveUnavailable */
export async function* chainLinks(
  { seals, archives }: ReadChain,
  bucket: number,
  after: number,
): AsyncGenerator<ChainLink> {
  const ledger = await Ahead.of(sealsAfter(seals, bucket, after));
  const objects = await Promise.all(
    archives.map(async (source) => ({ source, ahead: await Ahead.of(objectsAfter(source.archive, bucket, after)) })),
  );
  for (;;) {
    const ordinal = Math.min(ledger.ordinal, ...objects.map(({ ahead }) => ahead.ordinal));
    if (ordinal === Number.POSITIVE_INFINITY) return;
    const holding = objects.filter(({ ahead }) => ahead.ordinal === ordinal);
    const sealed = ledger.ordinal === ordinal ? ledger.next?.sealed : undefined;
    yield { bucket, ordinal, sealed, archivedIn: holding.map(({ source }) => source) };
    if (ledger.ordinal === ordinal) await ledger.move();
    for (const { ahead } of holding) await ahead.move();
  }
}

/** What one archive has of the link: what was archived, or why it cannot be believed. @throws ArchiveUnavailable */
export const readArchived = async (
  { archive }: ArchiveSource,
  { bucket, ordinal }: Pick<ChainLink, 'bucket' | 'ordinal'>,
): Promise<ArchivedSeal | CorruptArchive | undefined> => {
  try {
    return await archive.read(bucket, ordinal);
  } catch (error) {
    if (error instanceof CorruptArchive) return error;
    throw error;
  }
};

async function* sealsAfter(seals: Pick<SealLog, 'after'>, bucket: number, after: number) {
  for (let ordinal = after; ; ) {
    const page = await seals.after(bucket, ordinal, SEALS_A_PAGE);
    for (const sealed of page.seals) yield { ordinal: sealed.ordinal, sealed };
    // The page ends there; what comes after it is the next one's.
    if (page.corrupt !== undefined) yield { ordinal: page.corrupt.ordinal, sealed: page.corrupt };
    const last = page.corrupt?.ordinal ?? page.seals.at(-1)?.ordinal;
    if (last === undefined) return;
    ordinal = last;
  }
}

async function* objectsAfter(archive: Archive, bucket: number, after: number) {
  for (let last: number | undefined = after; last !== undefined; ) {
    const ordinals = await archive.list(bucket, last, OBJECTS_A_PAGE);
    for (const ordinal of ordinals) yield { ordinal };
    last = ordinals.at(-1);
  }
}

/** An iterator of which the next value is known. */
class Ahead<T extends { readonly ordinal: number }> {
  next: T | undefined;

  private constructor(private readonly items: AsyncGenerator<T>) {}

  static async of<T extends { readonly ordinal: number }>(items: AsyncGenerator<T>): Promise<Ahead<T>> {
    const ahead = new Ahead(items);
    await ahead.move();
    return ahead;
  }

  /** Infinity behind the last. */
  get ordinal(): number {
    return this.next?.ordinal ?? Number.POSITIVE_INFINITY;
  }

  async move(): Promise<void> {
    const { done, value } = await this.items.next();
    this.next = done === true ? undefined : value;
  }
}
