import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../lambdas/domain/canonical.ts';
import { encodeFact } from '../../lambdas/domain/codec.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import {
  chainBreak,
  closedWindowEnd,
  decodeSeal,
  encodeSeal,
  headAfter,
  makeSeal,
  NO_SEAL,
  SEAL_BUCKETS,
  type Seal,
  sealBucketOf,
  sealDigest,
  type UnsealedFact,
} from '../../lambdas/domain/seal.ts';
import { account, paid } from '../contract/facts.ts';

/** 2026-10-15T12:00:00.000Z, the end of a window. */
const NOON_MS = 1_792_065_600_000;
/** Of account us_a. */
const BUCKET = 3;

const unsealed = (tag: string, occurredAtMs = NOON_MS - 1): UnsealedFact => {
  const fact = paid('us_a', tag, 5n, occurredAtMs);
  return { accountId: fact.accountId, key: keyOf(fact), occurredAtMs, sum: encodeFact(fact).sum };
};

const sealOf = (facts: readonly UnsealedFact[], head = NO_SEAL, changes: Partial<Seal> = {}): Seal => ({
  ...makeSeal(head, { bucket: BUCKET, windowEndMs: NOON_MS, region: 'us-east-1', sealedAtMs: NOON_MS + 30_000 }, facts),
  ...changes,
});

describe('buckets', () => {
  test('an account is in the bucket that the first six bits of its hash name', () => {
    // SHA-256 of "us_a" begins with 0x0d, of "us_b" with 0x53.
    expect([sealBucketOf(account('us_a')), sealBucketOf(account('us_b'))]).toEqual([3, 20]);
  });

  test('all of them are used, and no other', () => {
    const used = new Set(Array.from({ length: 2_000 }, (_, n) => sealBucketOf(account(`us_${n}`))));
    expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: SEAL_BUCKETS }, (_, n) => n));
  });
});

describe('windows', () => {
  test.each([
    [NOON_MS + 29_999, NOON_MS - 60_000],
    [NOON_MS + 30_000, NOON_MS],
    [NOON_MS + 89_999, NOON_MS],
  ])('at %d the newest closed one ends at %d', (nowMs, endMs) => {
    expect(closedWindowEnd(nowMs, 30_000)).toBe(endMs);
  });

  test('a fact of an earlier window is late', () => {
    const { members } = sealOf([
      unsealed('c', NOON_MS - 1),
      unsealed('a', NOON_MS - 60_000),
      unsealed('b', NOON_MS - 60_001),
    ]);
    expect(members.map(({ key, late }) => [key.slice(6, 7), late])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });
});

describe('a seal', () => {
  test('has the same digest whatever the order of its facts', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[b-z]{1,6}$/), { minLength: 1, maxLength: 12 }),
        fc.gen(),
        (tags, gen) => {
          const facts = tags.map((tag) => unsealed(tag));
          const other = gen(fc.shuffledSubarray, facts, { minLength: facts.length, maxLength: facts.length });
          expect(sealOf(other)).toEqual(sealOf(facts));
          expect(sealDigest(other)).toBe(sealDigest(facts));
        },
      ),
    );
  });

  test('has another digest for one fact more, less, or other', () => {
    const one = sealDigest([unsealed('a')]);
    expect(sealDigest([unsealed('a'), unsealed('b')])).not.toBe(one);
    expect(sealDigest([{ ...unsealed('a'), sum: unsealed('b').sum }])).not.toBe(one);
  });

  test('is read as it was written', () => {
    const seal = sealOf([unsealed('a'), unsealed('b', NOON_MS - 70_000)]);
    expect(decodeSeal(encodeSeal(seal))).toEqual(seal);
  });

  test('says how many facts it holds', () => {
    expect(JSON.parse(encodeSeal(sealOf([unsealed('a'), unsealed('b')])).body)).toMatchObject({ count: 2, ordinal: 1 });
  });

  test('needs facts, of its bucket and window', () => {
    expect(() => sealOf([])).toThrow('a seal has 1 to 2000 facts, got 0');
    expect(() => sealOf([unsealed('a', NOON_MS)])).toThrow(
      /at 1792065600000 ms does not belong to bucket \d+ before 1792065600000 ms/,
    );
    expect(() => sealOf([{ ...unsealed('a'), accountId: account('us_b') }])).toThrow(
      /of account us_b at .* does not belong to bucket/,
    );
  });
});

describe('a chain', () => {
  const first = sealOf([unsealed('a')]);

  test('goes on with the hash of the seal before', () => {
    const second = sealOf([unsealed('b')], headAfter(first));
    expect([first.ordinal, second.ordinal]).toEqual([1, 2]);
    expect(first.previous).toBe('');
    expect(second.previous).toBe(encodeSeal(first).hash);
    expect(chainBreak(NO_SEAL, first)).toBeUndefined();
    expect(chainBreak(headAfter(first), second)).toBeUndefined();
  });

  test('is broken by a missing seal and by another history', () => {
    const other = sealOf([unsealed('c')], headAfter(sealOf([unsealed('z')])));
    expect(chainBreak(headAfter(first), other)).toBe('it does not follow seal 1 as this Region verified it');
    expect(chainBreak(NO_SEAL, other)).toBe('seal 1 is missing, the next one is 2');
  });
});

describe('a text that is no seal', () => {
  const encoded = encodeSeal(sealOf([unsealed('a')]));
  const rehashed = (body: string) => ({ body, hash: sha256(body) });

  test.each([
    [
      'a changed body',
      { ...encoded, body: encoded.body.replace('us_a', 'us_b') },
      'its checksum does not match its body',
    ],
    ['no JSON', rehashed('seal'), 'its body is no JSON object'],
    [
      'another version',
      rehashed(encoded.body.replace('"schemaVersion":1', '"schemaVersion":2')),
      'its schema version is 2',
    ],
    [
      'a wrong count',
      rehashed(encoded.body.replace('"count":1', '"count":2')),
      'it is not in the form that seals are written in',
    ],
    ['a forged member', rehashed(encoded.body.replace('us_a', 'us_b')), 'its digest is not that of its members'],
    [
      'a member that is none',
      rehashed(encoded.body.replace('p#pay_', 'p#pax_')),
      'a member is no account, fact key, checksum and mark of lateness',
    ],
    [
      'an ordinal that is none',
      rehashed(encoded.body.replace('"ordinal":1', '"ordinal":"1"')),
      'a field is missing or of another type',
    ],
  ])('%s is named', (_, text, message) => {
    expect(() => decodeSeal(text)).toThrow(message);
  });
});
