import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lambdas/domain/decide.ts';
import type { Fingerprint } from '../../lambdas/domain/ids.ts';
import { account, adjust, appended, openAccount, reverse, streamOf } from './commands.ts';

describe('opening an account', () => {
  test('is a fact without money and without a name', () => {
    expect(appended(decide([], openAccount()))).toMatchObject({
      type: 'AccountOpened',
      stream: 'a',
      ordinal: 0,
      currency: 'USD',
      timeZone: 'America/New_York',
      postings: [],
    });
    expect(Object.keys(account).sort()).toEqual([
      'accountId',
      'commandId',
      'currency',
      'fingerprint',
      'occurredAtMs',
      'ordinal',
      'postings',
      'region',
      'schemaVersion',
      'stream',
      'timeZone',
      'type',
    ]);
  });

  test('again is a replay with the same particulars, and rejected with others', () => {
    expect(decide([account], openAccount())).toEqual({ kind: 'replay', fact: account });
    expect(decide([account], openAccount({ body: { timeZone: 'Europe/Paris' } }))).toEqual({
      kind: 'rejected',
      reason: 'account-exists',
      detail: 'Account us_1001 is open already, with other particulars',
    });
  });

  test('under a fingerprint version that this code does not know is an error, never taken for other particulars', () => {
    const newer = { ...account, fingerprint: account.fingerprint.replace('v1:', 'v9:') as Fingerprint };
    expect(() => decide([newer], openAccount())).toThrow(/^fingerprint version v9 is unknown/);
  });
});

describe('adjusting an account', () => {
  test.each([
    [250n, -250n],
    [-250n, 250n],
  ])('by %p books the other side by %p, and its reversal undoes it', (amount, other) => {
    const [adjusted, reversed] = streamOf(adjust(amount), reverse(0));
    expect(adjusted).toMatchObject({
      type: 'AccountAdjusted',
      amountMinor: amount,
      postings: [
        { ledgerAccount: 'receivable', amountMinor: amount },
        { ledgerAccount: 'adjustments', amountMinor: other },
      ],
    });
    expect(reversed).toMatchObject({ effectMinor: other, reversedOrdinal: 0, ordinal: 1 });
  });

  test('can be reversed once', () => {
    const facts = streamOf(adjust(250n), reverse(0));
    expect(decide(facts, reverse(0, { key: 'again' }))).toMatchObject({ reason: 'already-reversed' });
    expect(decide(facts, reverse(1, { key: 'again' }))).toMatchObject({ reason: 'not-reversible' });
    expect(decide(facts, reverse(2, { key: 'again' }))).toMatchObject({ reason: 'position-not-found' });
  });
});
