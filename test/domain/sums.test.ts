// Owns the proof that a view's sums are the books: every fact balances, and the order of facts does not show.
// Leaves how sums are kept to test/contract.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../lambdas/domain/facts.ts';
import {
  type AccountSums,
  addSums,
  balanceOf,
  dueOf,
  EMPTY_SUMS,
  effectOnSums,
  outstandingOnBills,
} from '../../lambdas/domain/sums.ts';
import { account, adjust, creditBill, decline, issueBill, pay, refund, reverse, streamOf } from './commands.ts';
import { history } from './histories.ts';

const total = (facts: readonly Fact[]): AccountSums => facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS);
const sums = (part: Partial<AccountSums>): AccountSums => ({ ...EMPTY_SUMS, ...part });

describe('any valid history', () => {
  test('books both sides: the postings of every fact sum to zero', () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const { postings } of facts) {
          expect(postings.reduce<bigint>((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
          // Three when a charge is settled of which a part is already to be sent back.
          expect([0, 2, 3, 4]).toContain(postings.length);
        }
      }),
    );
  });

  test('has a balance that is the sum of its receivable postings', () => {
    fc.assert(
      fc.property(history, (facts) => {
        let receivable = 0n;
        for (const { postings } of facts) {
          for (const { ledgerAccount, amountMinor } of postings) {
            if (ledgerAccount === 'receivable') receivable += amountMinor;
          }
        }
        expect(balanceOf(total(facts))).toBe(receivable);
      }),
    );
  });

  test('has the same sums in every order', () => {
    fc.assert(
      fc.property(
        history.chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts], { minLength: facts.length, maxLength: facts.length }),
          ),
        ),
        ([facts, shuffled]) => {
          expect(total(shuffled)).toEqual(total(facts));
        },
      ),
    );
  });

  test('never has less than nothing paid or pending', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const { paidMinor, pendingMinor, factCount } = total(facts);
        expect(pendingMinor >= 0n && pendingMinor <= paidMinor).toBe(true);
        expect(factCount).toBe(facts.length);
      }),
    );
  });
});

describe('what each fact adds', () => {
  const payment = streamOf(pay(100n), refund(30n), reverse(1), decline());
  const bill = streamOf(issueBill('2026-10', [400n, 25n]), creditBill('bill_2026-10_r1'));
  const adjustment = streamOf(adjust(-250n), reverse(0));

  test.each<[string, Fact | undefined, Partial<AccountSums>]>([
    ['the opening', account, {}],
    ['a bill', bill[0], { billedMinor: 425n }],
    ['a credit note', bill[1], { billedMinor: -425n }],
    ['a payment', payment[0], { paidMinor: 100n, pendingMinor: 100n }],
    ['a refund', payment[1], { paidMinor: -30n, pendingMinor: -30n }],
    ['the reversal of a refund', payment[2], { paidMinor: 30n, pendingMinor: 30n }],
    ['a decline', payment[3], { paidMinor: -100n, pendingMinor: -100n }],
    ['an adjustment', adjustment[0], { adjustedMinor: -250n }],
    ['the reversal of an adjustment', adjustment[1], { adjustedMinor: 250n }],
  ])('%s', (_, fact, part) => {
    expect(effectOnSums(fact as Fact)).toEqual({ ...sums(part), factCount: 1 });
  });
});

describe('what follows from the sums', () => {
  test.each([
    ['nothing', {}, 0n, 0n, 0n],
    ['a bill', { billedMinor: 500n }, 500n, 500n, 500n],
    ['a bill paid in part', { billedMinor: 500n, paidMinor: 200n }, 300n, 300n, 300n],
    ['a credit', { billedMinor: 500n, paidMinor: 700n }, -200n, 0n, 0n],
    ['an adjustment down', { billedMinor: 500n, adjustedMinor: -100n }, 400n, 400n, 400n],
    // Served last: it is owed, but on no bill.
    ['an adjustment up', { billedMinor: 500n, paidMinor: 500n, adjustedMinor: 50n }, 50n, 50n, 0n],
    ['a bill in the payer’s favour', { billedMinor: -80n }, -80n, 0n, 0n],
  ])('%s', (_, part, balance, due, outstanding) => {
    expect(balanceOf(sums(part))).toBe(balance);
    expect(dueOf(sums(part))).toBe(due);
    expect(outstandingOnBills(sums(part))).toBe(outstanding);
  });
});
