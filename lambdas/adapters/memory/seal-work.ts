// Owns the twin of the seal-work table in memory.
// Leaves to memory/view-store.ts how a row gets in, together with the view's own line.
import type { SealHead, UnsealedFact } from '../../domain/seal.ts';
import type { SealWork, VerifiedHead } from '../../ports/seals.ts';
import { unsealedFactOf, unsealedKey, unsealedPartition } from '../seal-rows.ts';
import { timeKey } from '../view-rows.ts';

export class MemorySealWork implements SealWork {
  /** Partition to sort key to the fact's checksum. */
  readonly rows = new Map<string, Map<string, string>>();
  readonly #heads = new Map<number, VerifiedHead>();

  put({ pk, sk, sum }: { readonly pk: string; readonly sk: string; readonly sum: string }): void {
    this.rows.set(pk, (this.rows.get(pk) ?? new Map<string, string>()).set(sk, sum));
  }

  async unsealed(
    bucket: number,
    { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
  ): Promise<readonly UnsealedFact[]> {
    const before = timeKey(beforeMs);
    return [...(this.rows.get(unsealedPartition(bucket)) ?? [])]
      .filter(([sk]) => sk < before)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([sk, sum]) => unsealedFactOf(sk, sum));
  }

  async removeUnsealed(facts: readonly Pick<UnsealedFact, 'accountId' | 'key' | 'occurredAtMs'>[]): Promise<void> {
    for (const { pk, sk } of facts.map(unsealedKey)) this.rows.get(pk)?.delete(sk);
  }

  async heads(): Promise<ReadonlyMap<number, VerifiedHead>> {
    return new Map(this.#heads);
  }

  async advance(bucket: number, from: SealHead, to: VerifiedHead): Promise<boolean> {
    if ((this.#heads.get(bucket)?.ordinal ?? 0) !== from.ordinal) return false;
    this.#heads.set(bucket, to);
    return true;
  }

  async addUnsealed(facts: readonly UnsealedFact[]): Promise<void> {
    for (const fact of facts) this.put({ ...unsealedKey(fact), sum: fact.sum });
  }

  async reset(bucket: number, to: VerifiedHead | undefined): Promise<void> {
    if (to === undefined) this.#heads.delete(bucket);
    else this.#heads.set(bucket, to);
  }
}
