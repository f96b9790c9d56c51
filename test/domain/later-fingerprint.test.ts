// Owns the proof that a newer fingerprint version leaves the facts of older ones their retries (DESIGN D2).
// Leaves to fingerprint.test.ts what a fingerprint is.
import { describe, expect, jest, test } from '@jest/globals';
import * as today from '../../lambdas/domain/fingerprint.ts';
import type { Fingerprint } from '../../lambdas/domain/ids.ts';
import { account, openAccount, pay, refund, streamOf } from './commands.ts';

const body = { amountMinor: 100, method: 'card' };
const opened = { ...account, fingerprint: today.fingerprint(body) };
const stored = streamOf(pay(100n, { body }), refund(30n, { body }));

/** The rules of a version that writes `v2` and still knows `v1`. */
const later = async () => {
  const { fingerprint, matchesFingerprint } = today;
  const v2 = (sent: unknown) => fingerprint({ v2: sent }).replace('v1:', 'v2:') as Fingerprint;
  jest.unstable_mockModule('../../lambdas/domain/fingerprint.ts', () => ({
    fingerprint: v2,
    matchesFingerprint: (of: Fingerprint, sent: unknown) =>
      of.startsWith('v2:') ? of === v2(sent) : matchesFingerprint(of, sent),
  }));
  jest.resetModules();
  return import('../../lambdas/domain/decide.ts');
};

describe('once facts are written under fingerprint v2', () => {
  test('the retry of a fact stored under v1 is a replay, and another body is still refused', async () => {
    const { decide } = await later();
    expect(decide(stored, pay(100n, { body }))).toEqual({ kind: 'replay', fact: stored[0] });
    expect(decide(stored, refund(30n, { body }))).toEqual({ kind: 'replay', fact: stored[1] });
    expect(decide(stored, refund(30n, { body: { ...body, method: 'ach' } }))).toMatchObject({
      reason: 'idempotency-key-reuse',
    });
  });

  test('an account opened under v1 is open, and other particulars are still refused', async () => {
    const { decide } = await later();
    expect(decide([opened], openAccount({ body }))).toEqual({ kind: 'replay', fact: opened });
    expect(decide([opened], openAccount({ body: {} }))).toMatchObject({ reason: 'account-exists' });
  });

  test('a new fact is stored under v2', async () => {
    const { decide } = await later();
    const decision = decide([], pay(100n, { body }));
    expect(decision).toMatchObject({ kind: 'append', fact: { fingerprint: expect.stringMatching(/^v2:/) } });
  });
});
