// Owns the proof that what a stream amounts to depends neither on the order of its facts nor on how often each is given.
// Leaves which facts may follow each other to decide-*.test.ts.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { foldAdjustment, foldBill, foldPayment, inOrder, netEffect } from '../../lambdas/domain/fold.ts';
import { adjust, creditBill, decline, issueBill, pay, refund, reverse, streamOf } from './commands.ts';
import { byStream, disordered, history } from './histories.ts';

const FOLDS = { p: foldPayment, b: foldBill, x: foldAdjustment, a: () => undefined } as const;
const foldOf = (facts: readonly Fact[]) => FOLDS[(facts[0] as Fact).stream[0] as keyof typeof FOLDS](facts);

describe('order and duplicates', () => {
  test('do not matter to any stream of a valid history', () => {
    fc.assert(
      fc.property(
        history.chain((facts) => {
          const streams = [...byStream(facts).values()];
          return fc.tuple(fc.constant(streams), fc.tuple(...streams.map(disordered)));
        }),
        ([streams, given]) => {
          for (const [index, facts] of streams.entries()) {
            expect(foldOf(given[index] as readonly Fact[])).toEqual(foldOf(facts));
            expect(netEffect(given[index] as readonly Fact[])).toBe(netEffect(facts));
            expect(inOrder(given[index] as readonly Fact[])).toEqual(facts);
          }
        },
      ),
    );
  });

  test('do not matter to a payment: in the exact reverse, each fact twice', () => {
    const facts = streamOf(pay(100n), refund(30n), refund(20n, { key: 'second' }), reverse(1));
    const backwards = [...facts, ...facts].reverse();
    expect(foldPayment(backwards)).toEqual({
      accepted: facts[0],
      remainingMinor: 80n,
      refunds: [
        { fact: facts[1], reversed: true },
        { fact: facts[2], reversed: false },
      ],
      declined: false,
      reversed: false,
    });
  });
});

describe('a payment', () => {
  test.each([
    ['accepted', [], { remainingMinor: 100n, declined: false, reversed: false }],
    ['refunded in part', [refund(30n)], { remainingMinor: 70n, declined: false, reversed: false }],
    ['declined', [decline()], { remainingMinor: 0n, declined: true, reversed: false }],
    ['reversed', [reverse(0)], { remainingMinor: 0n, declined: false, reversed: true }],
    ['reversed, then declined', [reverse(0), decline()], { remainingMinor: 0n, declined: true, reversed: true }],
    [
      'refunded, the refund reversed',
      [refund(30n), reverse(1)],
      { remainingMinor: 100n, declined: false, reversed: false },
    ],
  ])('%s', (_, after, state) => {
    expect(foldPayment(streamOf(pay(100n), ...after))).toMatchObject(state);
  });

  test('is undefined while its opening fact is missing', () => {
    expect(foldPayment([])).toBeUndefined();
    expect(foldPayment(streamOf(pay(100n), refund(30n)).slice(1))).toBeUndefined();
  });
});

describe('a bill', () => {
  test('is open, then credited, then open again as its next revision', () => {
    const facts = streamOf(
      issueBill('2026-10', [100n]),
      creditBill('bill_2026-10_r1'),
      issueBill('2026-10', [90n], { key: 'again' }),
    );
    expect(foldBill(facts.slice(0, 1))?.open?.billId).toBe('bill_2026-10_r1');
    expect(foldBill(facts.slice(0, 2))?.open).toBeUndefined();
    expect(foldBill(facts.slice(0, 2))?.latest.billId).toBe('bill_2026-10_r1');
    expect(foldBill(facts)?.open?.billId).toBe('bill_2026-10_r2');
    expect(netEffect(facts)).toBe(90n);
  });

  test('is undefined without a bill', () => {
    expect(foldBill([])).toBeUndefined();
  });
});

describe('an adjustment', () => {
  test('stands until it is reversed', () => {
    const facts = streamOf(adjust(-250n), reverse(0));
    expect(foldAdjustment(facts.slice(0, 1))).toEqual({ adjusted: facts[0], reversed: false });
    expect(foldAdjustment(facts)).toEqual({ adjusted: facts[0], reversed: true });
    expect(netEffect(facts)).toBe(0n);
    expect(foldAdjustment([])).toBeUndefined();
  });
});
