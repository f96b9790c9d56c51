// Owns the proof that a statement tells every fact that a payer can see, in one order, with balances that add up.
// Leaves pages and cursors to test/lambdas.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../lambdas/domain/facts.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { decodePosition, encodePosition, type FactKey, keyOf } from '../../lambdas/domain/keys.ts';
import { byTime, type StatementLine, statementLines, withBalances } from '../../lambdas/domain/statement.ts';
import { addSums, balanceOf, EMPTY_SUMS, effectOnSums } from '../../lambdas/domain/sums.ts';
import {
  account,
  adjust,
  creditBill,
  decline,
  issueBill,
  NOON_MS,
  pay,
  refund,
  reissueBill,
  reverse,
  streamOf,
} from './commands.ts';
import { disordered, history } from './histories.ts';

const payment = streamOf(pay(100n), refund(30n), reverse(1), decline());
const bill = streamOf(issueBill('2026-10', [425n]), creditBill('bill_2026-10_r1'));
const adjustment = streamOf(adjust(-250n), reverse(0));
const linesOf = (facts: readonly Fact[]) => facts.flatMap(statementLines);

describe('the line of a fact', () => {
  const paymentId = (payment[0] as Fact).stream.slice(2);

  test.each([
    [bill[0], { type: 'bill', amountMinor: 425n, description: 'Bill for 2026-10', billId: 'bill_2026-10_r1' }],
    [
      bill[1],
      { type: 'credit-note', amountMinor: -425n, description: 'Credit note: wrong reading', billId: 'bill_2026-10_r1' },
    ],
    [payment[0], { type: 'payment', amountMinor: -100n, description: 'Payment by card', paymentId }],
    [payment[1], { type: 'refund', amountMinor: 30n, description: 'Refund: paid twice', paymentId }],
    [payment[2], { type: 'reversal', amountMinor: -30n, description: 'Reversal: entered by mistake', paymentId }],
    [payment[3], { type: 'decline', amountMinor: 100n, description: 'Payment declined: no funds', paymentId }],
    [adjustment[0], { type: 'adjustment', amountMinor: -250n, description: 'Adjustment: goodwill' }],
    [adjustment[1], { type: 'reversal', amountMinor: 250n, description: 'Reversal: entered by mistake' }],
  ])('%#', (fact, told) => {
    const [line, ...others] = statementLines(fact as Fact);
    const { position, occurredAtMs, ...rest } = line as StatementLine;
    expect([rest, others]).toEqual([told, []]);
    expect(occurredAtMs).toBe(fact?.occurredAtMs);
    expect(decodePosition(position)).toEqual({ accountId: 'us_1001', key: keyOf(fact as Fact) });
  });

  test('is none for the opening of the account', () => {
    expect(statementLines(account)).toEqual([]);
  });

  test('and a credit note for a bill that was issued anew', () => {
    const [, reissued] = streamOf(issueBill('2026-10', [425n]), reissueBill('bill_2026-10_r1', [400n]));
    const position = encodePosition('us_1001' as AccountId, 'b#2026-10#001' as FactKey);
    const occurredAtMs = reissued?.occurredAtMs;
    expect(statementLines(reissued as Fact)).toEqual([
      {
        position,
        occurredAtMs,
        type: 'credit-note',
        amountMinor: -425n,
        description: 'Credit note: wrong reading',
        billId: 'bill_2026-10_r1',
      },
      {
        position,
        occurredAtMs,
        type: 'bill',
        amountMinor: 400n,
        description: 'Bill for 2026-10',
        billId: 'bill_2026-10_r2',
      },
    ]);
  });
});

describe('the order', () => {
  test('is by time, and by key within a millisecond', () => {
    const at = (facts: readonly Fact[]) =>
      [...facts].sort(byTime).map((fact) => [keyOf(fact).slice(0, 9), fact.occurredAtMs]);
    const [november] = streamOf(issueBill('2026-11', [1n]));
    const [july] = streamOf(issueBill('2026-07', [1n]));
    const [late] = streamOf(issueBill('2026-01', [1n], { nowMs: NOON_MS + 1 }));
    expect(at([late as Fact, november as Fact, july as Fact])).toEqual([
      ['b#2026-07', 1_792_065_600_000],
      ['b#2026-11', 1_792_065_600_000],
      ['b#2026-01', 1_792_065_600_001],
    ]);
  });

  test('is one and the same whatever order the facts came in, and keeps each stream’s', () => {
    fc.assert(
      fc.property(
        history.chain((facts) => fc.tuple(fc.constant(facts), disordered(facts))),
        ([facts, given]) => {
          const once = [...new Set(given)].sort(byTime);
          expect(once).toEqual([...facts].sort(byTime));
          const next = new Map<string, number>();
          for (const { stream, ordinal } of once) {
            expect(ordinal).toBe(next.get(stream) ?? 0);
            next.set(stream, ordinal + 1);
          }
        },
      ),
    );
  });
});

describe('running balances', () => {
  test('follow from what was owed before', () => {
    expect(withBalances(1_000n, linesOf(payment)).map(({ balanceMinor }) => balanceMinor)).toEqual([
      900n,
      930n,
      900n,
      1_000n,
    ]);
    expect(withBalances(5n, [])).toEqual([]);
  });

  test('end at the balance of the account, however the statement is cut into pages', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 40 }), (facts, cut) => {
        const lines = linesOf([...facts].sort(byTime));
        const whole = withBalances(0n, lines);
        const first = withBalances(0n, lines.slice(0, cut));
        const second = withBalances(first.at(-1)?.balanceMinor ?? 0n, lines.slice(cut));
        expect([...first, ...second]).toEqual(whole);
        const balance = balanceOf(facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS));
        expect(whole.at(-1)?.balanceMinor ?? 0n).toBe(balance);
      }),
    );
  });
});
