// Owns the proof that no interleaving of writers undoes the same money twice.
// Leaves the real conditional write to test/contract.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../lambdas/domain/commands.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { receivableEffect } from '../../lambdas/domain/postings.ts';
import { adjust, creditBill, decline, issueBill, NOON_MS, pay, refund, reverse } from './commands.ts';
import { race } from './racing-writers.ts';

const ACCEPTED = 1000n;

/** Two Regions' clocks, at most one second apart. */
const clock = fc.integer({ min: NOON_MS - 500, max: NOON_MS + 500 });
/** Few keys, so that the same command comes twice, as from a client that tries the other Region. */
const key = fc.constantFrom('a', 'b', 'c', 'd');
const turns = fc.array(fc.nat({ max: 3 }), { maxLength: 120 });
const writersOf = (command: fc.Arbitrary<Command>) =>
  fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 });

// One key stands for one request here; the amount follows from it.
const AMOUNTS: Readonly<Record<string, bigint>> = { a: 300n, b: 700n, c: 1000n, d: 1n };
const onPayment: fc.Arbitrary<Command> = fc.oneof(
  clock.map((nowMs) => pay(ACCEPTED, { nowMs })),
  fc.tuple(key, clock).map(([key, nowMs]) => refund(AMOUNTS[key] as bigint, { key, nowMs })),
  fc.tuple(key, clock).map(([key, nowMs]) => decline({ key, nowMs })),
  fc.tuple(fc.nat({ max: 5 }), key, clock).map(([ordinal, key, nowMs]) => reverse(ordinal, { key, nowMs })),
);
const onBill: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(key, clock).map(([key, nowMs]) => issueBill('2026-10', [AMOUNTS[key] as bigint], { key, nowMs })),
  fc
    .tuple(fc.constantFrom(1, 2, 3), key, clock)
    .map(([n, key, nowMs]) => creditBill(`bill_2026-10_r${n}`, { key, nowMs })),
  fc.tuple(fc.nat({ max: 5 }), key, clock).map(([ordinal, key, nowMs]) => reverse(ordinal, { key, nowMs })),
);
const onAdjustment: fc.Arbitrary<Command> = fc.oneof(
  clock.map((nowMs) => adjust(-250n, { nowMs })),
  fc.tuple(fc.nat({ max: 2 }), key, clock).map(([ordinal, key, nowMs]) => reverse(ordinal, { key, nowMs })),
);

const net = (facts: readonly Fact[]): bigint => facts.reduce<bigint>((sum, fact) => sum + receivableEffect(fact), 0n);
const count = (facts: readonly Fact[], type: Fact['type']): number => facts.filter((fact) => fact.type === type).length;
const reversedOrdinals = (facts: readonly Fact[]): number[] =>
  facts.flatMap((fact) => (fact.type === 'FactReversed' ? [fact.reversedOrdinal] : []));

const checkStream = (facts: readonly Fact[]): void => {
  expect(facts.map(({ ordinal }) => ordinal)).toEqual(facts.map((_, index) => index));
  expect(new Set(facts.map(({ commandId }) => commandId)).size).toBe(facts.length);
  expect(new Set(reversedOrdinals(facts)).size).toBe(reversedOrdinals(facts).length);
  for (const [index, fact] of facts.entries()) {
    if (index > 0) expect(fact.occurredAtMs).toBeGreaterThan((facts[index - 1] as Fact).occurredAtMs);
  }
};

const checkPayment = (facts: readonly Fact[]): void => {
  checkStream(facts);
  expect(net(facts) >= -ACCEPTED && net(facts) <= 0n).toBe(true);
  const reversed = reversedOrdinals(facts);
  const standing = facts.filter((fact) => fact.type === 'PaymentRefunded' && !reversed.includes(fact.ordinal));
  expect(net(standing) <= ACCEPTED).toBe(true);
  expect(count(facts, 'PaymentAccepted')).toBe(1);
  expect(count(facts, 'PaymentDeclined')).toBeLessThanOrEqual(1);
  // From the fact that closes it on, nothing of the payment is left: called after every put, so it also stays that way.
  if (count(facts, 'PaymentDeclined') > 0 || reversed.includes(0)) expect(net(facts)).toBe(0n);
};

const checkBill = (facts: readonly Fact[]): void => {
  checkStream(facts);
  const reversed = reversedOrdinals(facts);
  const credited = facts.flatMap((fact) => (fact.type === 'CreditNoteIssued' ? [fact.creditedOrdinal] : []));
  expect(new Set([...reversed, ...credited]).size).toBe(reversed.length + credited.length);
  const bills = facts.filter((fact) => fact.type === 'BillIssued');
  expect(bills.map(({ revision }) => revision)).toEqual(bills.map((_, index) => index + 1));
  const inForce = bills.filter(({ ordinal }) => !reversed.includes(ordinal) && !credited.includes(ordinal));
  expect(inForce.length).toBeLessThanOrEqual(1);
  expect(net(facts)).toBe(inForce[0]?.totalMinor ?? 0n);
};

describe('writers that race for one stream', () => {
  test('never undo more of a payment than was accepted', () => {
    fc.assert(
      fc.property(writersOf(onPayment), turns, (writers, order) => {
        race([[pay(ACCEPTED)], ...writers], [0, 0, ...order], checkPayment);
      }),
      { numRuns: 400 },
    );
  });

  test('never have two revisions of a bill in force', () => {
    fc.assert(
      fc.property(writersOf(onBill), turns, (writers, order) => {
        race(writers, order, checkBill);
      }),
      { numRuns: 400 },
    );
  });

  test('never reverse an adjustment twice', () => {
    fc.assert(
      fc.property(writersOf(onAdjustment), turns, (writers, order) => {
        race(writers, order, (facts) => {
          checkStream(facts);
          expect(count(facts, 'AccountAdjusted')).toBe(1);
          expect(net(facts)).toBe(facts.length === 1 ? -250n : 0n);
          expect(facts.length).toBeLessThanOrEqual(2);
        });
      }),
    );
  });

  test('two refunds of all of it, decided on the same read: one is stored, the other is refused when it starts over', () => {
    const writers = [[pay(ACCEPTED)], [refund(ACCEPTED, { key: 'one' })], [refund(ACCEPTED, { key: 'two' })]];
    const facts = race(writers, [0, 0, 1, 2, 1, 2, 2, 2], checkPayment);
    expect(facts.map(({ type, ordinal }) => [type, ordinal])).toEqual([
      ['PaymentAccepted', 0],
      ['PaymentRefunded', 1],
    ]);
  });

  test('the same refund in two Regions at once is stored once', () => {
    const same = refund(400n, { key: 'same' });
    const facts = race([[pay(ACCEPTED)], [same], [{ ...same, region: 'us-west-2' }]], [0, 0, 1, 2, 2, 1], checkPayment);
    expect(facts.map(({ type, region }) => [type, region])).toEqual([
      ['PaymentAccepted', 'us-east-1'],
      ['PaymentRefunded', 'us-west-2'],
    ]);
  });

  test('a decline and the reversal of a refund, decided on the same read: the decline leaves nothing, whoever is first', () => {
    const start = [pay(ACCEPTED), refund(400n)];
    for (const order of [
      [1, 2, 1, 2],
      [1, 2, 2, 1],
    ]) {
      const facts = race([start, [decline()], [reverse(1)]], [0, 0, 0, 0, ...order], checkPayment);
      expect(net(facts)).toBe(0n);
    }
  });
});
