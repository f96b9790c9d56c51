// Owns the proof that the rules of a stream hold for whatever the commands grant, and for nothing that lacks a part of it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { streamProblem } from '../../lambdas/domain/verify-stream.ts';
import { opened, paid, refunded, reversed } from '../contract/facts.ts';
import { byStream, history } from './histories.ts';

describe('a stream', () => {
  test('of whatever the commands grant is possible', () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const [stream, ones] of byStream(facts)) expect(streamProblem(stream, ones)).toBeUndefined();
      }),
    );
  });

  test('that lacks a fact other than its last is not', () => {
    fc.assert(
      fc.property(history, fc.nat(), (facts, pick) => {
        const long = [...byStream(facts)].filter(([, ones]) => ones.length > 1);
        const [stream, ones] = long[pick % long.length] ?? [];
        if (stream === undefined || ones === undefined) return;
        const gone = pick % (ones.length - 1);
        expect(streamProblem(stream, ones.toSpliced(gone, 1))).toEqual({
          ordinal: gone,
          problem: 'is missing, and later ones are there',
        });
      }),
    );
  });

  const payment = paid('us_a', 'b', 100n);
  const refund = (ordinal: number, amount: bigint) => refunded(payment, ordinal, amount);
  const cases: readonly (readonly [string, readonly Fact[], number, string])[] = [
    ['more refunded than paid', [payment, refund(1, 60n), refund(2, 60n)], 2, 'leaves -20 of a payment of 100'],
    ['a refund of nothing', [refund(0, 10n)], 0, 'is a PaymentRefunded, which cannot stand there'],
    ['a second opening', [payment, { ...payment, ordinal: 1 }], 1, 'is a PaymentAccepted, which cannot stand there'],
    ['time that goes back', [payment, refunded(payment, 1, 5n, 7)], 1, 'is not later than the one before it'],
    [
      'another currency',
      [payment, { ...refund(1, 5n), currency: 'EUR' as never }],
      1,
      'is in EUR, the one before it in USD',
    ],
    [
      'one reversed twice',
      [payment, reversed(payment, 1, 100n), reversed(payment, 2, 0n)],
      2,
      'reverses ordinal 0 a second time',
    ],
    [
      'two openings of an account',
      [opened('us_a'), { ...opened('us_a', 1e13), ordinal: 1 }],
      1,
      'is a AccountOpened, which cannot stand there',
    ],
  ];
  test.each(cases)('%s is impossible', (_, facts, ordinal, problem) => {
    expect(streamProblem((facts[0] as Fact).stream, facts)).toEqual({ ordinal, problem });
  });
});
