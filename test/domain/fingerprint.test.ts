import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../lambdas/domain/canonical.ts';
import { fingerprint, matchesFingerprint } from '../../lambdas/domain/fingerprint.ts';
import type { Fingerprint } from '../../lambdas/domain/ids.ts';

describe('canonical JSON', () => {
  test('sorts keys, has no white space, drops undefined, writes amounts as integers', () => {
    const value = { b: [1, { z: null, a: true }], a: 'é"\n', c: 12_345n, d: undefined, B: -0 };
    expect(canonicalJson(value)).toBe('{"B":0,"a":"é\\"\\n","b":[1,{"a":true,"z":null}],"c":12345}');
  });

  test('says what JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const sent: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(sent))).toEqual(sent);
      }),
    );
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value));
      }),
    );
  });

  test('refuses what has no exact text', () => {
    expect(() => canonicalJson(2n ** 53n)).toThrow(/^canonical JSON needs a safe integer, got 9007199254740992$/);
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(/^canonical JSON needs a finite number, got NaN$/);
    expect(() => canonicalJson([undefined])).toThrow(/^canonical JSON has no text for a undefined$/);
  });
});

describe('fingerprints', () => {
  const body = { amountMinor: 4250, currency: 'USD', method: 'card' };

  test('are pinned: a body sent today must match for as long as its fact lives', () => {
    expect(fingerprint(body)).toBe('v1:EzG61GqWwDI8z55oh6y12KAAmUvZ9p1BjIxPHHfN1lw');
  });

  test('match the same body in another order, and no other', () => {
    const stored = fingerprint(body);
    expect(matchesFingerprint(stored, { method: 'card', currency: 'USD', amountMinor: 4250 })).toBe(true);
    expect(matchesFingerprint(stored, { ...body, amountMinor: 4251 })).toBe(false);
    expect(matchesFingerprint(stored, { ...body, amountMinor: '4250' })).toBe(false);
    expect(matchesFingerprint(stored, { ...body, note: '' })).toBe(false);
  });

  test('of a version that this code does not know are an error, not a mismatch', () => {
    const newer = fingerprint(body).replace('v1:', 'v2:') as Fingerprint;
    expect(() => matchesFingerprint(newer, body)).toThrow(/^fingerprint version v2 is unknown, this version knows v1$/);
    const inherited = 'constructor:x' as Fingerprint;
    expect(() => matchesFingerprint(inherited, body)).toThrow(/^fingerprint version constructor is unknown/);
  });
});
