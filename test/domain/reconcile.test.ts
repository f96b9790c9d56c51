// Owns the proof of what counts as a difference between a processor's report and the ledger, and that none disturbs a payment.
// Leaves which entries and payments are compared to test/lambdas/reconcile.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeFact, encodeFact } from '../../lambdas/domain/codec.ts';
import type { RecordDifference } from '../../lambdas/domain/commands.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import { DIFFERENCE_KINDS, type Difference } from '../../lambdas/domain/difference.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { foldPayment, netEffect } from '../../lambdas/domain/fold.ts';
import { commandId, isoDate, paymentId } from '../../lambdas/domain/ids.ts';
import { isStreamId, keyOf } from '../../lambdas/domain/keys.ts';
import { type Currency, minor } from '../../lambdas/domain/money.ts';
import { noticeOf } from '../../lambdas/domain/notice.ts';
import {
  claimOf,
  differenceOfClaim,
  differenceOfEntry,
  type Outcome,
  paymentOf,
  type ReportEntry,
  stillOpen,
} from '../../lambdas/domain/reconcile.ts';
import { foldSettlement, nextStep } from '../../lambdas/domain/settlement.ts';
import { statementLines } from '../../lambdas/domain/statement.ts';
import { ACCOUNT_ID, appended, decline, must, NOON_MS, pay, refund, reverse, streamOf } from './commands.ts';
import { byStream, history } from './histories.ts';
import { failRefund, settle, settleRefund, startCharge, startRefund } from './settling.ts';

const DAY_MS = 86_400_000;
const USD = 'USD' as Currency;
const charge = (changes: Partial<ReportEntry> = {}): ReportEntry => ({
  kind: 'charge',
  reference: 'charge_1',
  amountMinor: minor(100),
  currency: USD,
  atMs: NOON_MS,
  status: 'collected',
  ...changes,
});
const REFUND = `pay_${'a'.repeat(52)}_3`;
const sent = (changes: Partial<ReportEntry> = {}): ReportEntry =>
  charge({ kind: 'refund', reference: REFUND, amountMinor: minor(30), status: 'sent', ...changes });
const kindOf = (entry: ReportEntry, facts: readonly Fact[], isRepeated = false) =>
  differenceOfEntry(entry, facts, isRepeated)?.kind;

const settled = streamOf(pay(100n), startCharge(100n), settle());
const refunded = streamOf(pay(100n), startCharge(100n), settle(), refund(30n), startRefund(3), settleRefund(3));

describe('an entry of the report', () => {
  test.each<[string, ReportEntry, readonly Fact[], string | undefined]>([
    ['as settled', charge(), settled, undefined],
    ['collected and not settled yet', charge(), streamOf(pay(100n), startCharge(100n)), undefined],
    ['refused, of no payment', charge({ status: 'declined' }), [], undefined],
    ['under way, of no payment', charge({ status: 'under-way' }), [], undefined],
    ['of no payment', charge(), [], 'charged-but-not-accepted'],
    ['beside the settled one', charge({ reference: 'charge_2' }), settled, 'charged-twice'],
    [
      'beside one under way',
      charge({ reference: 'charge_2' }),
      streamOf(pay(100n), startCharge(100n)),
      'charged-but-not-recorded',
    ],
    ['never started', charge(), streamOf(pay(100n)), 'charged-but-not-recorded'],
    ['over more', charge({ amountMinor: minor(101) }), settled, 'amount-differs'],
    ['in another currency', charge({ currency: 'EUR' as Currency }), settled, 'amount-differs'],
    ['declined here', charge(), streamOf(pay(100n), startCharge(100n), decline()), 'charged-but-declined'],
    ['a refund as settled', sent(), refunded, undefined],
    ['a refund not settled yet', sent(), refunded.slice(0, 5), undefined],
    ['a refund that failed', sent({ status: 'failed' }), refunded.slice(0, 5), undefined],
    ['a refund of no payment', sent(), [], 'refund-differs'],
    ['a refund nobody started', sent({ reference: 're_1' }), refunded, 'refund-differs'],
    ['a refund over more', sent({ amountMinor: minor(31) }), refunded, 'refund-differs'],
    [
      'a refund that failed here',
      sent(),
      streamOf(pay(100n), startCharge(100n), settle(), refund(30n), startRefund(3), failRefund(3)),
      'refund-differs',
    ],
  ])('%s', (_, entry, facts, kind) => {
    expect(kindOf(entry, facts)).toBe(kind);
  });

  test('a refund that was sent twice under one name', () => {
    expect(kindOf(sent(), refunded, true)).toBe('refund-differs');
  });

  test('tells both amounts, the payment, and the day of the entry', () => {
    expect(differenceOfEntry(charge({ amountMinor: minor(101) }), settled)).toEqual({
      kind: 'amount-differs',
      window: '2026-10-15',
      reference: 'charge_1',
      paymentId: foldPayment(settled)?.accepted.paymentId,
      ledgerMinor: 100n,
      processorMinor: 101n,
    });
    expect(differenceOfEntry(charge(), [])).toEqual({
      kind: 'charged-but-not-accepted',
      window: '2026-10-15',
      reference: 'charge_1',
      processorMinor: 100n,
    });
  });

  test('a refund of ours names its payment, whatever its charge was made with', () => {
    expect(paymentOf(sent())).toBe(`pay_${'a'.repeat(52)}`);
    expect(paymentOf(charge())).toBeUndefined();
    expect(paymentOf(charge({ paymentId: 'pay_short' }))).toBeUndefined();
  });
});

describe('an outcome of the ledger that nobody reports', () => {
  const of = (facts: readonly Fact[], ordinal: number) => {
    const outcome = facts[ordinal] as Outcome;
    return differenceOfClaim(outcome, must(claimOf(outcome, facts)));
  };

  test('a settled charge', () => {
    expect(of(settled, 2)).toMatchObject({
      kind: 'settled-but-not-charged',
      window: '2026-10-15',
      reference: 'charge_1',
      ledgerMinor: 100n,
    });
  });

  test('a settled refund', () => {
    expect(of(refunded, 5)).toMatchObject({ kind: 'refund-differs', reference: REFUND, ledgerMinor: 30n });
  });
});

describe('what stays open', () => {
  const underWay = streamOf(pay(100n), startCharge(100n));
  const startedMs = must(underWay[1]).occurredAtMs;

  test('a charge that was started before, on the day it was started', () => {
    expect(stillOpen(underWay, startedMs + 1)).toMatchObject({
      kind: 'still-open',
      window: '2026-10-15',
      reference: 'charge_1',
      ledgerMinor: 100n,
    });
    expect(stillOpen(underWay, startedMs)).toBeUndefined();
  });

  test('a refund that was started before', () => {
    expect(stillOpen(refunded.slice(0, 5), NOON_MS + DAY_MS)).toMatchObject({ kind: 'still-open', reference: REFUND });
  });

  test('not what was never started, nor what has an outcome', () => {
    expect(stillOpen(streamOf(pay(100n)), NOON_MS + DAY_MS)).toBeUndefined();
    expect(stillOpen(settled, NOON_MS + DAY_MS)).toBeUndefined();
    expect(stillOpen(refunded, NOON_MS + DAY_MS)).toBeUndefined();
  });
});

const record = (difference: Difference, nowMs = NOON_MS): RecordDifference => ({
  type: 'RecordDifference',
  commandId: commandId({
    jurisdiction: 'us',
    accountId: ACCOUNT_ID,
    path: `reconciliation/${difference.window}`,
    idempotencyKey: `${difference.kind} ${difference.reference}`,
  }),
  body: { reference: difference.reference },
  region: 'us-west-2',
  nowMs,
  accountId: ACCOUNT_ID,
  currency: USD,
  difference,
});
const difference = (changes: Partial<Difference> = {}): Difference => ({
  kind: 'amount-differs',
  window: must(isoDate('2026-10-15')),
  reference: 'charge_1',
  ...changes,
});

describe('a difference in the ledger', () => {
  test('takes the next ordinal of its payment, books nothing, and is not recorded again', () => {
    const id = must(foldPayment(settled)?.accepted.paymentId);
    const command = record(difference({ paymentId: id, ledgerMinor: minor(100), processorMinor: minor(101) }));
    const fact = appended(decide(settled, command));
    expect(fact).toMatchObject({ type: 'DifferenceFound', ordinal: 3, postings: [], currency: 'USD' });
    expect(fact.occurredAtMs).toBeGreaterThan(must(settled[2]).occurredAtMs);
    const later = { ...command, region: 'us-east-1', nowMs: NOON_MS + DAY_MS };
    expect(decide([...settled, fact], later)).toEqual({ kind: 'replay', fact });
    expect(decodeFact(encodeFact(fact))).toEqual(fact);
    expect([statementLines(fact), noticeOf(fact)]).toEqual([[], undefined]);
  });

  test('opens a stream of its own where there is no payment', () => {
    const fact = appended(decide([], record(difference({ kind: 'charged-but-not-accepted' }))));
    expect(keyOf(fact)).toMatch(/^d#[a-z2-7]{52}#000$/);
    expect(isStreamId(fact.stream)).toBe(true);
    expect(decodeFact(encodeFact(fact))).toEqual(fact);
    expect(decide([fact], reverse(0))).toMatchObject({ detail: 'A DifferenceFound cannot be reversed' });
  });

  test.each(DIFFERENCE_KINDS)('%s can be written and read', (kind) => {
    const fact = appended(decide([], record(difference({ kind }))));
    expect(decodeFact(encodeFact(fact))).toEqual(fact);
  });
});

describe('of any history', () => {
  const payments = (facts: readonly Fact[]) =>
    [...byStream(facts).values()].filter(([opening]) => opening?.type === 'PaymentAccepted');

  test('a faultless report differs in nothing', () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const stream of payments(facts)) {
          for (const entry of faultlessReport(stream)) expect(differenceOfEntry(entry, stream)).toBeUndefined();
        }
      }),
    );
  });

  test('a difference in between changes neither what is left of a payment nor what is to be done for it', () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const stream of payments(facts)) {
          const { paymentId: id } = must(foldPayment(stream)).accepted;
          const found = appended(decide(stream, record(difference({ paymentId: id }), Number.MAX_SAFE_INTEGER / 2)));
          const now = [...stream, found];
          expect(netEffect(now)).toBe(netEffect(stream));
          expect(foldPayment(now)).toEqual(foldPayment(stream));
          expect(nextStep(now)).toEqual(nextStep(stream));
        }
      }),
    );
  });

  test('a payment with a difference in it still settles, refunds and reverses', () => {
    const id = must(paymentId(`pay_${'a'.repeat(52)}`));
    const differs = record(difference({ paymentId: id }));
    const stream = streamOf(pay(100n), startCharge(100n));
    const rest = (facts: readonly Fact[]): readonly Fact[] => {
      const all = [...facts];
      for (const command of [settle(), refund(30n), startRefund(4), settleRefund(4), reverse(0)]) {
        all.push(appended(decide(all, command)));
      }
      return all;
    };
    // The difference stands at ordinal 2, in the stream that it names.
    const own = { ...appended(decide(stream, differs)), stream: must(stream[0]).stream };
    expect(rest([...stream, own]).map(({ type }) => type)).toEqual([
      'PaymentAccepted',
      'ChargeStarted',
      'DifferenceFound',
      'PaymentSettled',
      'PaymentRefunded',
      'RefundStarted',
      'RefundSettled',
      'FactReversed',
    ]);
  });
});

/** What a processor that did as the ledger says has in its books. */
const faultlessReport = (facts: readonly Fact[]): readonly ReportEntry[] => {
  const { charge: started, settled: done, moneyBack } = foldSettlement(facts);
  if (started === undefined || done === undefined) return [];
  const { reference, amountMinor } = started;
  return [
    charge({ reference, amountMinor, currency: started.currency }),
    ...moneyBack.flatMap((back) =>
      back.settled === undefined || back.started === undefined
        ? []
        : [sent({ reference: back.started.reference, amountMinor: back.amountMinor, currency: started.currency })],
    ),
  ];
};
