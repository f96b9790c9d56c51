import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lambdas/domain/decide.ts';
import { foldPayment } from '../../lambdas/domain/fold.ts';
import { currency } from '../../lambdas/domain/money.ts';
import { account, adjust, appended, decline, must, NOON_MS, pay, refund, reverse, streamOf } from './commands.ts';

describe('posting a payment', () => {
  test('opens its own stream, booked against the receivable', () => {
    const fact = appended(decide([], pay(100n)));
    const { paymentId } = fact as typeof fact & { paymentId: string };
    expect(fact).toMatchObject({
      type: 'PaymentAccepted',
      schemaVersion: 1,
      accountId: 'us_1001',
      stream: `p#${paymentId}`,
      ordinal: 0,
      region: 'us-east-1',
      occurredAtMs: NOON_MS,
      currency: 'USD',
      amountMinor: 100n,
      method: 'card',
      postings: [
        { ledgerAccount: 'receivable', amountMinor: -100n },
        { ledgerAccount: 'payments-clearing', amountMinor: 100n },
      ],
    });
    expect(paymentId).toBe(`pay_${fact.commandId}`);
  });

  test('in another currency than the account is rejected', () => {
    expect(decide([], { ...pay(100n), currency: must(currency('EUR')) })).toEqual({
      kind: 'rejected',
      reason: 'currency-mismatch',
      detail: 'The account is in USD, got EUR',
    });
  });

  test('of nothing, or of less, is a broken caller', () => {
    expect(() => decide([], pay(0n))).toThrow(/^a payment is 1 to 1000000000000 minor units, got 0$/);
    expect(() => decide(streamOf(pay(100n)), refund(-1n))).toThrow(/^a refund is 1 to .* got -1$/);
    expect(() => decide([], adjust(0n))).toThrow(/^an adjustment is 1 to .* got 0$/);
  });

  test('into a stream that another command opened is a broken caller', () => {
    const foreign = streamOf(pay(100n, { key: 'other' }));
    expect(() => decide(foreign, pay(100n))).toThrow(/was opened by command [a-z2-7]{52}: it names another$/);
  });
});

describe('idempotency', () => {
  test('the same key and body is a replay of the stored fact', () => {
    const facts = streamOf(pay(100n), refund(30n));
    expect(decide(facts, pay(100n, { nowMs: NOON_MS + 86_400_000 * 3650 }))).toEqual({
      kind: 'replay',
      fact: facts[0],
    });
    expect(decide(facts, refund(30n))).toEqual({ kind: 'replay', fact: facts[1] });
  });

  test('the same key and another body is rejected, whatever else is wrong with it', () => {
    const facts = streamOf(pay(100n), refund(30n));
    expect(decide(facts, refund(1_000n, { body: { amountMinor: 1_000 } }))).toMatchObject({
      kind: 'rejected',
      reason: 'idempotency-key-reuse',
    });
  });

  test('a repeated refund is never answered as a refusal although it was applied', () => {
    const facts = streamOf(pay(100n), refund(100n));
    expect(decide(facts, refund(100n))).toEqual({ kind: 'replay', fact: facts[1] });
  });

  test('a fact ahead of the clock does not stand in the way of a replay', () => {
    const facts = streamOf(pay(100n));
    expect(decide(facts, pay(100n, { nowMs: NOON_MS - 60_000 })).kind).toBe('replay');
  });
});

describe('refunds', () => {
  test('stop at what is left of the payment', () => {
    const facts = streamOf(pay(100n), refund(30n));
    expect(decide(facts, refund(71n, { key: 'again' }))).toEqual({
      kind: 'rejected',
      reason: 'refund-exceeds-payment',
      detail: '70 of the payment can be refunded, got 71',
    });
    expect(appended(decide(facts, refund(70n, { key: 'again' })))).toMatchObject({ ordinal: 2, amountMinor: 70n });
  });

  test.each([
    ['declined', decline()],
    ['reversed', reverse(0)],
  ])('of a %s payment are rejected', (_, closing) => {
    expect(decide(streamOf(pay(100n), closing), refund(1n))).toEqual({
      kind: 'rejected',
      reason: 'refund-exceeds-payment',
      detail: '0 of the payment can be refunded, got 1',
    });
  });

  test('can be taken back once, and what they gave can then be refunded again', () => {
    const facts = streamOf(pay(100n), refund(100n), reverse(1));
    expect(facts[2]).toMatchObject({ type: 'FactReversed', reversedOrdinal: 1, effectMinor: -100n });
    expect(decide(facts, reverse(1, { key: 'again' }))).toMatchObject({ kind: 'rejected', reason: 'already-reversed' });
    expect(appended(decide(facts, refund(100n, { key: 'again' }))).ordinal).toBe(3);
  });

  test('cannot be taken back once the payment is closed', () => {
    for (const closing of [decline(), reverse(0, { key: 'close' })]) {
      expect(decide(streamOf(pay(100n), refund(30n), closing), reverse(1))).toMatchObject({
        kind: 'rejected',
        reason: 'already-reversed',
      });
    }
  });

  test('of a payment that is not there are rejected', () => {
    expect(decide([], refund(1n))).toMatchObject({ kind: 'rejected', reason: 'payment-not-found' });
  });
});

describe('declines and reversals', () => {
  test('undo only what earlier ordinals have not undone', () => {
    expect(streamOf(pay(100n), refund(30n), decline())[2]).toMatchObject({ type: 'PaymentDeclined', undoneMinor: 70n });
    expect(streamOf(pay(100n), refund(30n), reverse(0))[2]).toMatchObject({ type: 'FactReversed', effectMinor: 70n });
  });

  test('a decline is recorded even when nothing is left, and moves nothing then', () => {
    expect(streamOf(pay(100n), reverse(0), decline())[2]).toMatchObject({ undoneMinor: 0n, postings: [] });
  });

  test('a second decline is rejected', () => {
    const facts = streamOf(pay(100n), decline());
    expect(decide(facts, decline({ key: 'again' }))).toMatchObject({ kind: 'rejected', reason: 'already-reversed' });
  });

  test.each([
    ['declined', [decline()]],
    ['reversed', [reverse(0, { key: 'close' })]],
    ['refunded in full', [refund(100n)]],
  ])('a payment that was %s has nothing to reverse', (_, before) => {
    expect(decide(streamOf(pay(100n), ...before), reverse(0))).toMatchObject({
      kind: 'rejected',
      reason: 'already-reversed',
    });
  });

  test('a decline and a reversal cannot be reversed', () => {
    expect(decide(streamOf(pay(100n), decline()), reverse(1))).toEqual({
      kind: 'rejected',
      reason: 'not-reversible',
      detail: 'A PaymentDeclined cannot be reversed',
    });
    expect(decide(streamOf(pay(100n), reverse(0)), reverse(1, { key: 'again' }))).toMatchObject({
      reason: 'not-reversible',
      detail: 'A FactReversed cannot be reversed',
    });
  });

  test('of a position without a fact are rejected', () => {
    expect(decide(streamOf(pay(100n)), reverse(7))).toMatchObject({ kind: 'rejected', reason: 'position-not-found' });
    expect(decide([], reverse(0))).toMatchObject({ kind: 'rejected', reason: 'position-not-found' });
  });

  test('of an account opening are rejected', () => {
    expect(decide([account], reverse(0))).toMatchObject({ kind: 'rejected', reason: 'not-reversible' });
  });
});

describe('place and time', () => {
  test('a fact comes after every fact that was read, whatever the clock says', () => {
    const facts = streamOf(pay(100n), refund(1n, { nowMs: NOON_MS - 1_999 }));
    expect(facts.map(({ occurredAtMs }) => occurredAtMs)).toEqual([NOON_MS, NOON_MS + 1]);
    expect(appended(decide(facts, decline({ nowMs: NOON_MS + 5_000 }))).occurredAtMs).toBe(NOON_MS + 5_000);
  });

  test('a fact 2 s ahead of the clock is followed, one further ahead is not', () => {
    const facts = streamOf(pay(100n));
    expect(appended(decide(facts, refund(1n, { nowMs: NOON_MS - 2_000 }))).occurredAtMs).toBe(NOON_MS + 1);
    expect(decide(facts, refund(1n, { nowMs: NOON_MS - 2_001 }))).toEqual({
      kind: 'rejected',
      reason: 'clock-behind',
      detail: "A fact is 2001 ms ahead of this Region's clock, at most 2000 are followed",
    });
  });

  test('an account opened in the future counts as a fact that was read', () => {
    const nowMs = account.occurredAtMs - 1_000;
    expect(appended(decide([], pay(1n, { nowMs }))).occurredAtMs).toBe(account.occurredAtMs + 1);
    expect(decide([], pay(1n, { nowMs: nowMs - 1_001 }))).toMatchObject({ reason: 'clock-behind' });
  });

  test('a stream ends at ordinal 999', () => {
    const [first] = streamOf(pay(1_000n));
    const { ordinal: _, ...one } = appended(decide(streamOf(pay(1_000n)), refund(1n)));
    const full = Array.from({ length: 1_000 }, (_, ordinal) => (ordinal === 0 ? must(first) : { ...one, ordinal }));
    expect(foldPayment(full)?.remainingMinor).toBe(1n);
    expect(decide(full, refund(1n, { key: 'one more' }))).toMatchObject({ kind: 'rejected', reason: 'stream-full' });
  });

  test('half a stream decides nothing: it could undo the same twice', () => {
    const [first, , third] = streamOf(pay(100n), refund(30n), refund(30n, { key: 'second' }));
    expect(() => decide([must(first), must(third)], refund(40n, { key: 'third' }))).toThrow(
      /^stream p#pay_[a-z2-7]{52} lacks ordinal 1: decide on the whole of it, read strongly$/,
    );
  });
});
