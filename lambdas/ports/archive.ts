// Owns what the archive of a Region must do: keep the facts of every seal, once and for good, one object a seal.
// Leaves to domain/seal.ts what a seal is; adapters implement it and test/contract holds them to it.
import type { Fact } from '../domain/facts.ts';
import type { Seal } from '../domain/seal.ts';

export interface ArchivedSeal {
  readonly seal: Seal;
  /** Exactly the seal's members, in its order. */
  readonly facts: readonly Fact[];
}

/** `present`: the same seal and facts are there already. `differs`: something else is, or nothing that can be read. */
export type PutResult = 'stored' | 'present' | 'differs';

export interface Archive {
  /**
   * Puts the object of the seal if there is none: a repeat changes nothing, and nothing is ever overwritten.
   * @throws ArchiveUnavailable, RangeError unless `facts` are the seal's members, with their checksums
   */
  put(archived: ArchivedSeal): Promise<PutResult>;
  /**
   * What is kept of a seal, every checksum checked; undefined for none.
   * @throws ArchiveUnavailable, CorruptArchive
   */
  read(bucket: number, ordinal: number): Promise<ArchivedSeal | undefined>;
  /** Ordinals of a chain above `after` that have an object, ascending, at most `limit` (1 to 1000). @throws ArchiveUnavailable */
  list(bucket: number, after: number, limit: number): Promise<readonly number[]>;
  /**
   * Puts the object as the newest version, whatever is there: for one that does not hold. The version it stands before stays under
   * its lock. @throws as `put` does
   */
  rewrite(archived: ArchivedSeal): Promise<void>;
}

/** The archive did not answer in time, or refused. Every call may be repeated. */
export class ArchiveUnavailable extends Error {
  override readonly name = 'ArchiveUnavailable';
}

/** An object that is not what was put there. Named, never believed. */
export class CorruptArchive extends Error {
  override readonly name = 'CorruptArchive';
  constructor(
    readonly bucket: number,
    readonly ordinal: number,
    readonly reason: string,
  ) {
    super(`the archive of seal ${ordinal} of bucket ${bucket} is corrupt: ${reason}`);
  }
}
