// Owns the proof that facts stored by earlier versions still mean what they meant when they were stored.
// Leaves to README.md how the frozen histories grow.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { billStatus, nextDueDate, unpaidBills } from '../../lambdas/domain/bills.ts';
import { decodeFact, encodeFact } from '../../lambdas/domain/codec.ts';
import type { BillIssued, Fact } from '../../lambdas/domain/facts.ts';
import { foldAdjustment, foldBill, foldPayment } from '../../lambdas/domain/fold.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { foldSettlement, nextStep } from '../../lambdas/domain/settlement.ts';
import { byTime, statementLines, withBalances } from '../../lambdas/domain/statement.ts';
import { addSums, balanceOf, dueOf, EMPTY_SUMS, effectOnSums, outstandingOnBills } from '../../lambdas/domain/sums.ts';

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly v: number;
  readonly body: string;
  readonly sum: string;
}

const rows = JSON.parse(readFileSync(new URL('./histories/v1.json', import.meta.url), 'utf8')) as readonly Row[];
const all: readonly Fact[] = rows.map((row) => decodeFact(row));
const facts = all.filter(({ accountId }) => accountId === 'us_1001');
/** Whose payments went through the processor. */
const settled = all.filter(({ accountId }) => accountId === 'us_1002');
const stream = (id: string): readonly Fact[] => facts.filter((fact) => fact.stream === id);
const bill = (period: string) => foldBill(stream(`b#${period}`));

const PAYMENT = 'pay_nycguqxetukjlcinozzqswivjsyz7u2cefelkz3zjofsh2yulo6a';
const DECLINED = 'pay_vkkh4qybw6wqegzfhcbyuk7kafluob3imaakect7qabcjo2thzga';
const REVERSED = 'pay_2lffqeodjosly4ijhtmgdqlevoco57oscogwcksbnmk7tx6q5hxq';

describe('facts of schema version 1', () => {
  test('are all still there: the first 22 rows are byte for byte those that were frozen', () => {
    const frozen = rows.slice(0, 22).map(({ pk, sk, v, body, sum }) => [pk, sk, v, body, sum].join('\n'));
    expect(createHash('sha256').update(frozen.join('\n')).digest('base64url')).toBe(
      'eTmzg8O-d5_XFV698qHIq_AHogXEapLq1ige-yRFrpE',
    );
  });

  test('cover every type of fact', () => {
    expect([...new Set(all.map(({ type }) => type))].sort()).toEqual([
      'AccountAdjusted',
      'AccountOpened',
      'BillIssued',
      'ChargeStarted',
      'CreditNoteIssued',
      'DifferenceFound',
      'FactReversed',
      'PaymentAccepted',
      'PaymentDeclined',
      'PaymentRefunded',
      'PaymentSettled',
      'RefundFailed',
      'RefundSettled',
      'RefundStarted',
    ]);
  });

  test.each(rows)('$sk is at its key and is written again as it was read', ({ pk, sk, v, body, sum }) => {
    const fact = decodeFact({ body, sum });
    expect(keyOf(fact)).toBe(sk);
    expect(fact.accountId).toBe(pk);
    expect(fact.schemaVersion).toBe(v);
    expect(encodeFact(fact)).toEqual({ body, sum });
  });

  test('lead to the same sums, balance and due amount', () => {
    const sums = facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS);
    expect(sums).toEqual({
      billedMinor: 18_500n,
      paidMinor: 8_500n,
      adjustedMinor: -250n,
      pendingMinor: 8_500n,
      factCount: 22,
    });
    expect(balanceOf(sums)).toBe(9_750n);
    expect(dueOf(sums)).toBe(9_750n);
    expect(outstandingOnBills(sums)).toBe(9_750n);
  });

  test('lead to the same payments', () => {
    expect(foldPayment(stream(`p#${PAYMENT}`))).toMatchObject({
      remainingMinor: 8_500n,
      refunds: [
        { fact: { amountMinor: 2_500n }, reversed: true },
        { fact: { amountMinor: 1_500n }, reversed: false },
      ],
      declined: false,
      reversed: false,
    });
    expect(foldPayment(stream(`p#${DECLINED}`))).toMatchObject({ remainingMinor: 0n, declined: true, reversed: false });
    expect(foldPayment(stream(`p#${REVERSED}`))).toMatchObject({ remainingMinor: 0n, declined: true, reversed: true });
  });

  test('lead to the same adjustments', () => {
    const adjustments = facts
      .filter(({ type }) => type === 'AccountAdjusted')
      .map((fact) => foldAdjustment(stream(fact.stream)));
    expect(adjustments).toMatchObject([
      { adjusted: { amountMinor: -250n }, reversed: false },
      { adjusted: { amountMinor: 1_300n }, reversed: true },
    ]);
  });

  test('lead to the same bills: July is paid, the next due date is August’s', () => {
    expect(bill('2026-08')?.revisions.map(({ fact, undone }) => [fact.billId, undone])).toEqual([
      ['bill_2026-08_r1', true],
      ['bill_2026-08_r2', false],
    ]);
    expect(bill('2026-09')?.open).toBeUndefined();
    const inForce = ['2026-11', '2026-10', '2026-09', '2026-08', '2026-07']
      .map((period) => bill(period)?.open)
      .filter((open): open is BillIssued => open !== undefined);
    const { unpaid, restMinor } = unpaidBills(inForce, 9_750n);
    expect(unpaid.map(({ billId }) => billId)).toEqual(['bill_2026-10_r1', 'bill_2026-08_r2']);
    expect(restMinor).toBe(0n);
    expect(nextDueDate(unpaid)).toBe('2026-08-28');
  });

  test.each([
    ['2026-11', 0, 0n, 'paid'],
    ['2026-10', 0, 0n, 'open'],
    ['2026-09', 0, 4_250n, 'credited'],
    ['2026-08', 1, 4_250n, 'open'],
    ['2026-08', 0, 4_250n, 'credited'],
    ['2026-07', 0, 12_500n, 'paid'],
  ])('of %s: revision %i, with %d in newer bills, is %s', (period, revision, newerMinor, status) => {
    const issued = bill(period)?.revisions[revision];
    expect(issued && billStatus(issued, newerMinor, 9_750n)).toBe(status);
  });

  test('lead to the same statement', () => {
    const lines = [...facts].sort(byTime).flatMap(statementLines);
    expect(
      withBalances(0n, lines).map(({ type, amountMinor, balanceMinor }) => [type, amountMinor, balanceMinor]),
    ).toEqual([
      ['bill', 6_000n, 6_000n],
      ['bill', 8_500n, 14_500n],
      ['credit-note', -8_500n, 6_000n],
      ['bill', 8_250n, 14_250n],
      ['bill', 7_777n, 22_027n],
      ['reversal', -7_777n, 14_250n],
      ['bill', 4_250n, 18_500n],
      ['bill', 0n, 18_500n],
      ['payment', -10_000n, 8_500n],
      ['refund', 2_500n, 11_000n],
      ['refund', 1_500n, 12_500n],
      ['reversal', -2_500n, 10_000n],
      ['payment', -3_000n, 7_000n],
      ['refund', 1_000n, 8_000n],
      ['decline', 2_000n, 10_000n],
      ['payment', -999n, 9_001n],
      ['reversal', 999n, 10_000n],
      ['decline', 0n, 10_000n],
      ['adjustment', -250n, 9_750n],
      ['adjustment', 1_300n, 11_050n],
      ['reversal', -1_300n, 9_750n],
    ]);
  });
});

describe('payments that went through the processor', () => {
  const of = (index: number) => {
    const [stream] = settled.filter(({ type }) => type === 'PaymentAccepted').slice(index);
    return settled.filter((fact) => fact.stream === stream?.stream);
  };

  test('lead to the same sums: one payment is pending', () => {
    expect(settled.map(effectOnSums).reduce(addSums, EMPTY_SUMS)).toEqual({
      billedMinor: 0n,
      paidMinor: 7_800n,
      adjustedMinor: 0n,
      pendingMinor: 300n,
      factCount: 13,
    });
  });

  test('lead to the same settlement, with the same left to do', () => {
    const { charge, settled: collected, moneyBack } = foldSettlement(of(0));
    expect([charge?.reference, collected?.amountMinor]).toEqual(['charge_00000001', 8_500n]);
    expect(moneyBack).toMatchObject([
      { ordinal: 3, amountMinor: 1_000n, settled: { ordinal: 6 } },
      { ordinal: 7, amountMinor: 700n, failed: { ordinal: 9, reason: 'account closed' } },
    ]);
    expect(nextStep(of(0))).toBeUndefined();
    expect(nextStep(of(1))).toMatchObject({ kind: 'confirm-charge', charge: { reference: 'charge_00000002' } });
  });

  test('lead to the same statement', () => {
    const lines = [...settled].sort(byTime).flatMap(statementLines);
    expect(
      withBalances(0n, lines).map(({ type, amountMinor, balanceMinor }) => [type, amountMinor, balanceMinor]),
    ).toEqual([
      ['payment', -9_000n, -9_000n],
      ['refund', 500n, -8_500n],
      ['refund', 1_000n, -7_500n],
      ['refund', 700n, -6_800n],
      ['reversal', -700n, -7_500n],
      ['payment', -300n, -7_800n],
    ]);
  });
});
