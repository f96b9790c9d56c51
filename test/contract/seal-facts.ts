// Owns seals for contract tests, made of facts as a Region would make them.
// Leaves to test/domain what a seal may be.
import { encodeFact } from '../../lambdas/domain/codec.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import {
  makeSeal,
  NO_SEAL,
  type Seal,
  type SealHead,
  sealBucketOf,
  type UnsealedFact,
} from '../../lambdas/domain/seal.ts';
import { NOON_MS } from './facts.ts';

export const unsealedOf = (fact: Fact): UnsealedFact => ({
  accountId: fact.accountId,
  key: keyOf(fact),
  occurredAtMs: fact.occurredAtMs,
  sum: encodeFact(fact).sum,
});

/** Of facts of one bucket that occurred by noon, sealed half a minute after the window's end. */
export const sealOf = (facts: readonly Fact[], head: SealHead = NO_SEAL, region = 'us-east-1'): Seal =>
  makeSeal(
    head,
    {
      bucket: sealBucketOf((facts[0] as Fact).accountId),
      windowEndMs: NOON_MS + 60_000,
      region,
      sealedAtMs: NOON_MS + 90_000,
    },
    facts.map(unsealedOf),
  );
