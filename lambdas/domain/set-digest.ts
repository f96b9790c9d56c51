// Owns the digest by which two sets of texts are compared whatever the order they come in, in the memory of one number.
// Leaves to its callers what the texts are, and that none comes twice.
import { createHash } from 'node:crypto';

const MODULUS = 2n ** 256n;

/** Texts added, and the sum of their SHA-256 modulo 2^256: tells accidents, not somebody who computes sets with equal sums. */
export interface SetDigest {
  readonly count: number;
  readonly sum: bigint;
}

export const EMPTY_SET: SetDigest = { count: 0, sum: 0n };

export const withText = ({ count, sum }: SetDigest, text: string): SetDigest => ({
  count: count + 1,
  sum: (sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % MODULUS,
});

export const isSameSet = (a: SetDigest, b: SetDigest): boolean => a.count === b.count && a.sum === b.sum;
