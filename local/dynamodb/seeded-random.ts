// Owns the pseudo-random numbers behind lags and jitter: the same seed and name give the same sequence.
// Leaves to its users what they do with a number between 0 and 1.

/** FNV-1a, 32 bit: spreads names over seeds and keys over shards; no protection against anybody. */
export const hash32 = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};

/** Mulberry32: numbers in [0, 1), one independent sequence for each name. */
export const seededRandom = (seed: number, name: string): (() => number) => {
  let state = (seed ^ hash32(name)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
