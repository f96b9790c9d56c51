// Owns chance: every run draws from here, and from its seed alone.
// Leaves to its callers what is drawn for; each has a stream of its own, so that one more draw in one place changes no other.
import { createHash } from 'node:crypto';

/** sfc32 (Chris Doty-Humphrey, PractRand), its state a digest of the seed. */
export class Random {
  readonly #state: Uint32Array;

  constructor(private readonly seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32LE(at));
  }

  /** The stream of `name`, the same for the same seed whatever was drawn before. */
  of(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** In [0, 1). */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const sum = (a + b + counter) >>> 0;
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + sum, counter + 1]);
    return sum / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from: the list is empty');
    return items[Math.floor(this.next() * items.length)] as T;
  }
}
