// Owns what the store of seals must do, and what a Region keeps of them for itself: facts not sealed yet, and how far it verified.
// Leaves to domain/seal.ts what a seal is; adapters implement it and test/contract holds them to it.
import type { Seal, SealHead, UnsealedFact } from '../domain/seal.ts';

/** The chains, one a bucket, in the ledger: the same in every Region. */
export interface SealLog {
  /**
   * Strong read of the seals of a chain that come after `ordinal`, ascending; `limit` 1 to 100.
   * @throws LedgerUnavailable
   */
  after(bucket: number, ordinal: number, limit: number): Promise<SealPage>;
  /** Strong read of one seal. @throws LedgerUnavailable, CorruptSeal */
  read(bucket: number, ordinal: number): Promise<Seal | undefined>;
  /**
   * Puts the seal if its ordinal is free: the first Region fixes the membership. `occupied` also when an attempt of this very call
   * had stored it and its answer was lost: whoever reads the chain on finds it there.
   * @throws LedgerUnavailable
   */
  append(seal: Seal): Promise<'appended' | 'occupied'>;
  /**
   * Makes the item at the seal's ordinal the seal, whatever stands there: for one that is damaged or gone and that the archives
   * prove. Only operators may. @throws LedgerUnavailable
   */
  restore(seal: Seal): Promise<void>;
}

export interface SealPage {
  /** All sound. */
  readonly seals: readonly Seal[];
  /** What comes after them fails its checks. */
  readonly corrupt?: CorruptSeal;
}

/** Of one Region alone. Every call throws RegionStateUnavailable when the store does not answer. */
export interface SealWork {
  /** Facts of the bucket that came through this Region's stream and that no verified seal holds, oldest first. */
  unsealed(
    bucket: number,
    page: { readonly beforeMs: number; readonly limit: number },
  ): Promise<readonly UnsealedFact[]>;
  /** Forgets them; what is not there is no error. All are of one bucket. */
  removeUnsealed(facts: readonly Pick<UnsealedFact, 'accountId' | 'key' | 'occurredAtMs'>[]): Promise<void>;
  /** How far this Region has verified each chain; a bucket without a row has verified none. */
  heads(): Promise<ReadonlyMap<number, VerifiedHead>>;
  /** Moves the head by one; false when another run has moved it. */
  advance(bucket: number, from: SealHead, to: VerifiedHead): Promise<boolean>;
  /** Facts that only a lost seal held, or none: the next seal of their chains holds them. For a rebuilt ledger. */
  addUnsealed(facts: readonly UnsealedFact[]): Promise<void>;
  /** Sets the head where the chain of a rebuilt ledger ends; undefined for a chain without seals. */
  reset(bucket: number, to: VerifiedHead | undefined): Promise<void>;
}

export interface VerifiedHead extends SealHead {
  /** The end of the last verified seal's window. */
  readonly windowEndMs: number;
}

/** An item of a chain whose checksum, key or form does not hold. Named, never believed. */
export class CorruptSeal extends Error {
  override readonly name = 'CorruptSeal';
  constructor(
    readonly bucket: number,
    readonly ordinal: number,
    readonly reason: string,
  ) {
    super(`seal ${ordinal} of bucket ${bucket} is corrupt: ${reason}`);
  }
}
