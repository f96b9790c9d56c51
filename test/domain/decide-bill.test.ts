import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lambdas/domain/decide.ts';
import { foldBill } from '../../lambdas/domain/fold.ts';
import { appended, creditBill, issueBill, NOON_MS, reverse, streamOf } from './commands.ts';

const R1 = 'bill_2026-10_r1';
const again = { key: 'again' };

describe('issuing a bill', () => {
  test('sums its lines and books revenue', () => {
    expect(appended(decide([], issueBill('2026-10', [5_000n, -750n])))).toMatchObject({
      type: 'BillIssued',
      stream: 'b#2026-10',
      ordinal: 0,
      billId: R1,
      period: '2026-10',
      revision: 1,
      dueDate: '2026-10-28',
      totalMinor: 4_250n,
      occurredAtMs: NOON_MS,
      postings: [
        { ledgerAccount: 'receivable', amountMinor: 4_250n },
        { ledgerAccount: 'revenue', amountMinor: -4_250n },
      ],
    });
  });

  test('of nothing moves nothing', () => {
    expect(appended(decide([], issueBill('2026-10', [5n, -5n])))).toMatchObject({ totalMinor: 0n, postings: [] });
  });

  test('twice for a period is rejected while one is open', () => {
    expect(decide(streamOf(issueBill('2026-10', [1n])), issueBill('2026-10', [2n], again))).toEqual({
      kind: 'rejected',
      reason: 'bill-exists',
      detail: 'bill_2026-10_r1 is the bill of 2026-10: credit or reverse it first',
    });
  });

  test.each([
    ['credited', creditBill(R1)],
    ['reversed', reverse(0)],
  ])('again is a new revision once the first is %s', (_, undo) => {
    const facts = streamOf(issueBill('2026-10', [100n]), undo, issueBill('2026-10', [90n], again));
    expect(facts[1]).toMatchObject({
      postings: [
        { ledgerAccount: 'receivable', amountMinor: -100n },
        { ledgerAccount: 'revenue', amountMinor: 100n },
      ],
    });
    expect(facts[2]).toMatchObject({ ordinal: 2, revision: 2, billId: 'bill_2026-10_r2', totalMinor: 90n });
    expect(foldBill(facts)?.revisions.map(({ undone }) => undone)).toEqual([true, false]);
  });
});

describe('undoing a bill', () => {
  test.each([
    ['a credit note', creditBill(R1), 'a reversal', reverse(0, { key: 'again' })],
    ['a reversal', reverse(0), 'a credit note', creditBill(R1, again)],
    ['a credit note', creditBill(R1), 'a credit note', creditBill(R1, again)],
    ['a reversal', reverse(0), 'a reversal', reverse(0, { key: 'again' })],
  ])('by %s leaves nothing for %s%s', (_, first, __, second) => {
    expect(decide(streamOf(issueBill('2026-10', [100n]), first), second)).toEqual({
      kind: 'rejected',
      reason: 'already-reversed',
      detail: 'bill_2026-10_r1 was credited or reversed already',
    });
  });

  test('late, after a new revision came, does not touch the new one', () => {
    const facts = streamOf(issueBill('2026-10', [100n]), creditBill(R1), issueBill('2026-10', [90n], again));
    expect(decide(facts, creditBill(R1, again))).toMatchObject({ reason: 'already-reversed' });
    expect(decide(facts, reverse(0))).toMatchObject({ reason: 'already-reversed' });
    expect(appended(decide(facts, creditBill('bill_2026-10_r2')))).toMatchObject({
      creditedOrdinal: 2,
      totalMinor: 90n,
    });
  });

  test('that was never issued is rejected', () => {
    expect(decide(streamOf(issueBill('2026-10', [100n])), creditBill('bill_2026-10_r2'))).toEqual({
      kind: 'rejected',
      reason: 'bill-not-found',
      detail: 'There is no bill bill_2026-10_r2 on this account',
    });
  });

  test('cannot be undone: a credit note and a reversal stay', () => {
    for (const undo of [creditBill(R1), reverse(0)]) {
      expect(decide(streamOf(issueBill('2026-10', [100n]), undo), reverse(1, { key: 'again' }))).toMatchObject({
        reason: 'not-reversible',
      });
    }
  });
});
