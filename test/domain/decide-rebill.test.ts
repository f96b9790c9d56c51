// Owns the proof that a bill is corrected by one fact: credit note and next revision together, once, whatever the races.
import { describe, expect, test } from '@jest/globals';
import { decodeFact, encodeFact, MalformedFact } from '../../lambdas/domain/codec.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import type { BillReissued } from '../../lambdas/domain/facts.ts';
import { foldBill, netEffect } from '../../lambdas/domain/fold.ts';
import { creditBill, issueBill, reissueBill, reverse, streamOf } from './commands.ts';

const R1 = 'bill_2026-10_r1';
const R2 = 'bill_2026-10_r2';
const issued = streamOf(issueBill('2026-10', [1_000n]));

describe('a bill issued anew', () => {
  const facts = streamOf(issueBill('2026-10', [1_000n]), reissueBill(R1, [700n, 50n]));
  const reissued = facts[1] as BillReissued;

  test('is one fact that books both documents', () => {
    expect(reissued).toMatchObject({
      type: 'BillReissued',
      stream: 'b#2026-10',
      ordinal: 1,
      billId: R2,
      revision: 2,
      totalMinor: 750n,
      creditedBillId: R1,
      creditedOrdinal: 0,
      creditedMinor: 1_000n,
      reason: 'wrong reading',
    });
    expect(reissued.postings).toEqual([
      { ledgerAccount: 'receivable', amountMinor: -1_000n },
      { ledgerAccount: 'revenue', amountMinor: 1_000n },
      { ledgerAccount: 'receivable', amountMinor: 750n },
      { ledgerAccount: 'revenue', amountMinor: -750n },
    ]);
    expect(netEffect(facts)).toBe(750n);
  });

  test('is in force, and the revision before it is undone', () => {
    expect(foldBill(facts)?.open?.billId).toBe(R2);
    expect(foldBill(facts)?.revisions.map(({ fact, undone }) => [fact.billId, undone])).toEqual([
      [R1, true],
      [R2, false],
    ]);
  });

  test('is read back as it was written, and not with half of it changed', () => {
    const encoded = encodeFact(reissued);
    expect(decodeFact(encoded)).toEqual(reissued);
    const half = encodeFact({ ...reissued, creditedMinor: 0n } as BillReissued);
    expect(() => decodeFact(half)).toThrow(MalformedFact);
    expect(() => decodeFact(half)).toThrow('its postings do not have the effect that it states');
  });

  test('can be issued anew again, and reversed like any other', () => {
    const again = streamOf(
      issueBill('2026-10', [1_000n]),
      reissueBill(R1, [750n]),
      reissueBill(R2, [20n], { key: 'k2' }),
    );
    expect([foldBill(again)?.open?.billId, netEffect(again)]).toEqual(['bill_2026-10_r3', 20n]);
    const gone = streamOf(issueBill('2026-10', [1_000n]), reissueBill(R1, [750n]), reverse(1));
    expect([foldBill(gone)?.open, netEffect(gone)]).toEqual([undefined, 0n]);
  });
});

describe('is refused or repeated', () => {
  test('the same command again is the same fact, with another body it is not', () => {
    const facts = streamOf(issueBill('2026-10', [1_000n]), reissueBill(R1, [750n]));
    expect(decide(facts, reissueBill(R1, [1n]))).toEqual({ kind: 'replay', fact: facts[1] });
    expect(decide(facts, reissueBill(R1, [750n], { body: { reason: 'other' } }))).toMatchObject({
      kind: 'rejected',
      reason: 'idempotency-key-reuse',
    });
  });

  test.each([
    [issued, 'bill_2026-10_r2', 'bill-not-found', 'There is no bill bill_2026-10_r2 on this account'],
    [[], R1, 'bill-not-found', 'There is no bill bill_2026-10_r1 on this account'],
    [
      streamOf(issueBill('2026-10', [1_000n]), creditBill(R1)),
      R1,
      'already-reversed',
      'bill_2026-10_r1 was credited or reversed already',
    ],
    [
      streamOf(issueBill('2026-10', [1_000n]), reissueBill(R1, [750n], { key: 'first' })),
      R1,
      'already-reversed',
      'bill_2026-10_r1 was credited or reversed already',
    ],
  ])('%#', (facts, billId, reason, detail) => {
    expect(decide(facts, reissueBill(billId, [1n], { key: 'late' }))).toEqual({ kind: 'rejected', reason, detail });
  });
});
