// Owns the twin of the chains of seals in memory: encoded seals under their ordinals, with the same checks on the way out.
// Leaves to adapters/dynamo the item and its compression.
import { decodeSeal, type EncodedSeal, encodeSeal, MalformedSeal, type Seal } from '../../domain/seal.ts';
import { CorruptSeal, type SealLog, type SealPage } from '../../ports/seals.ts';

export class MemorySealLog implements SealLog {
  /** Bucket to ordinal to what is stored. */
  readonly chains = new Map<number, Map<number, EncodedSeal>>();

  async after(bucket: number, ordinal: number, limit: number): Promise<SealPage> {
    const ordinals = [...(this.chains.get(bucket)?.keys() ?? [])].filter((one) => one > ordinal).sort((a, b) => a - b);
    const seals: Seal[] = [];
    for (const next of ordinals.slice(0, limit)) {
      try {
        seals.push(this.#load(bucket, next) as Seal);
      } catch (error) {
        if (error instanceof CorruptSeal) return { seals, corrupt: error };
        throw error;
      }
    }
    return { seals };
  }

  async read(bucket: number, ordinal: number): Promise<Seal | undefined> {
    return this.#load(bucket, ordinal);
  }

  async append(seal: Seal): Promise<'appended' | 'occupied'> {
    const chain = this.chains.get(seal.bucket) ?? new Map<number, EncodedSeal>();
    if (chain.has(seal.ordinal)) return 'occupied';
    this.chains.set(seal.bucket, chain.set(seal.ordinal, encodeSeal(seal)));
    return 'appended';
  }

  async restore(seal: Seal): Promise<void> {
    const chain = this.chains.get(seal.bucket) ?? new Map<number, EncodedSeal>();
    this.chains.set(seal.bucket, chain.set(seal.ordinal, encodeSeal(seal)));
  }

  #load(bucket: number, ordinal: number): Seal | undefined {
    const stored = this.chains.get(bucket)?.get(ordinal);
    if (stored === undefined) return undefined;
    try {
      return decodeSeal(stored);
    } catch (error) {
      throw error instanceof MalformedSeal ? new CorruptSeal(bucket, ordinal, error.message) : error;
    }
  }
}
