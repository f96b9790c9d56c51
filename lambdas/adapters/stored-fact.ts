// Owns the five attributes that every store keeps of a fact, and the checks without which none is served.
// Leaves to domain/codec.ts the canonical form, to each adapter the types of its own store.
import { decodeFact, encodeFact, MalformedFact } from '../domain/codec.ts';
import type { Fact } from '../domain/facts.ts';
import { keyOf } from '../domain/keys.ts';
import { CorruptFact } from '../ports/event-log.ts';

export interface StoredFact {
  /** The account id. */
  readonly pk: string;
  /** The fact key. */
  readonly sk: string;
  /** Schema version. */
  readonly v: number;
  /** Canonical JSON of the whole fact. */
  readonly body: string;
  /** base64url SHA-256 over `body`. */
  readonly sum: string;
}

export const storeFact = (fact: Fact): StoredFact => {
  const { body, sum } = encodeFact(fact);
  return { pk: fact.accountId, sk: keyOf(fact), v: fact.schemaVersion, body, sum };
};

/** @throws CorruptFact when checksum, key or shape does not hold. */
export const loadFact = ({ pk, sk, v, body, sum }: Partial<StoredFact>): Fact => {
  const corrupt = (reason: string) => new CorruptFact(pk ?? '?', sk ?? '?', reason);
  if (typeof body !== 'string' || typeof sum !== 'string') throw corrupt('attribute body or sum is missing');
  const fact = decoded(body, sum, corrupt);
  if (fact.accountId !== pk || keyOf(fact) !== sk) {
    throw corrupt(`it says it is ${keyOf(fact)} of account ${fact.accountId}`);
  }
  if (fact.schemaVersion !== v) throw corrupt(`attribute v is ${v}, the fact says ${fact.schemaVersion}`);
  return fact;
};

/** What of `stored` passes the checks of `load`; the rest is told to `onCorrupt`. */
export const readable = <Stored>(
  stored: readonly Stored[],
  load: (one: Stored) => Fact,
  onCorrupt: (error: CorruptFact) => void,
): readonly Fact[] =>
  stored.flatMap((one) => {
    try {
      return [load(one)];
    } catch (error) {
      if (!(error instanceof CorruptFact)) throw error;
      onCorrupt(error);
      return [];
    }
  });

const decoded = (body: string, sum: string, corrupt: (reason: string) => CorruptFact): Fact => {
  try {
    return decodeFact({ body, sum });
  } catch (error) {
    throw error instanceof MalformedFact ? corrupt(error.message) : error;
  }
};
