// Owns the proof that reading from the newest bill backwards says the same as serving bills oldest first.
// Leaves which bills the lookup reads to test/lambdas.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { billStatus, issuedStatus, nextDueDate, unpaidBills } from '../../lambdas/domain/bills.ts';
import type { BillRevision, Fact } from '../../lambdas/domain/facts.ts';
import { foldBill } from '../../lambdas/domain/fold.ts';
import { addSums, EMPTY_SUMS, effectOnSums, outstandingOnBills } from '../../lambdas/domain/sums.ts';
import { issueBill, streamOf } from './commands.ts';
import { byStream, history } from './histories.ts';

const bill = (period: string, total: bigint): BillRevision => streamOf(issueBill(period, [total]))[0] as BillRevision;
const idsOf = (bills: readonly BillRevision[]): string[] => bills.map(({ billId }) => billId);

/** The rule as it is told: money goes to the oldest bill until it is paid, then to the next. Newest first, as the domain answers. */
const unpaidOldestFirst = (inForce: readonly BillRevision[], creditsMinor: bigint): BillRevision[] => {
  let leftMinor = creditsMinor;
  for (const { totalMinor } of inForce) if (totalMinor < 0n) leftMinor -= totalMinor;
  const unpaid: BillRevision[] = [];
  for (const one of [...inForce].sort((a, b) => (a.period < b.period ? -1 : 1))) {
    if (one.totalMinor <= 0n) continue;
    if (leftMinor >= one.totalMinor) {
      leftMinor -= one.totalMinor;
    } else {
      leftMinor = 0n;
      unpaid.unshift(one);
    }
  }
  return unpaid;
};

const newestFirst = (facts: readonly Fact[]): BillRevision[] =>
  [...byStream(facts).values()]
    .map((stream) => foldBill(stream)?.open)
    .filter((open) => open !== undefined)
    .sort((a, b) => (a.period < b.period ? 1 : -1));

describe('of any valid history', () => {
  test('the unpaid bills are those that oldest first leaves unpaid', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const sums = facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS);
        const credits = sums.paidMinor + (sums.adjustedMinor < 0n ? -sums.adjustedMinor : 0n);
        const inForce = newestFirst(facts);
        const { unpaid, restMinor } = unpaidBills(inForce, outstandingOnBills(sums));
        const expected = unpaidOldestFirst(inForce, credits);
        expect(idsOf(unpaid)).toEqual(idsOf(expected));
        expect(restMinor).toBe(0n);
        expect(nextDueDate(unpaid)).toBe(expected.at(-1)?.dueDate);
      }),
      { numRuns: 300 },
    );
  });

  test('the status of each bill says the same, read alone', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const outstanding = outstandingOnBills(facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS));
        const inForce = newestFirst(facts);
        const unpaid = unpaidBills(inForce, outstanding).unpaid;
        for (const [index, fact] of inForce.entries()) {
          const newer = inForce.slice(0, index).filter(({ totalMinor }) => totalMinor > 0n);
          const newerMinor = newer.reduce<bigint>((sum, { totalMinor }) => sum + totalMinor, 0n);
          const status = billStatus({ fact, undone: false }, newerMinor, outstanding);
          expect(status).toBe(unpaid.includes(fact) ? 'open' : 'paid');
        }
      }),
    );
  });
});

describe('unpaid bills', () => {
  const [october, september, august] = [bill('2026-10', 300n), bill('2026-09', 200n), bill('2026-08', 100n)];
  const all = [october, september, august];

  test.each([
    [600n, ['bill_2026-10_r1', 'bill_2026-09_r1', 'bill_2026-08_r1'], '2026-08-28', 0n],
    [501n, ['bill_2026-10_r1', 'bill_2026-09_r1', 'bill_2026-08_r1'], '2026-08-28', 0n],
    [500n, ['bill_2026-10_r1', 'bill_2026-09_r1'], '2026-09-28', 0n],
    [301n, ['bill_2026-10_r1', 'bill_2026-09_r1'], '2026-09-28', 0n],
    [300n, ['bill_2026-10_r1'], '2026-10-28', 0n],
    [1n, ['bill_2026-10_r1'], '2026-10-28', 0n],
    [0n, [], undefined, 0n],
    // More than the bills given: older ones must be read.
    [650n, ['bill_2026-10_r1', 'bill_2026-09_r1', 'bill_2026-08_r1'], '2026-08-28', 50n],
  ])('with %d outstanding', (outstanding, ids, due, restMinor) => {
    const found = unpaidBills(all, outstanding);
    expect(idsOf(found.unpaid)).toEqual(ids);
    expect(nextDueDate(found.unpaid)).toBe(due);
    expect(found.restMinor).toBe(restMinor);
  });

  test('are never those over nothing or in the payer’s favour', () => {
    const found = unpaidBills([bill('2026-12', 0n), bill('2026-11', -50n), october], 250n);
    expect(idsOf(found.unpaid)).toEqual(['bill_2026-10_r1']);
  });
});

describe('the status of a bill', () => {
  test.each([
    [1n, 'open'],
    [0n, 'paid'],
    [-5n, 'paid'],
  ] as const)('over %d is, as it is issued, %s', (total, status) => {
    expect(issuedStatus(bill('2026-10', total))).toBe(status);
  });

  test.each([
    ['credited, whatever is outstanding', 100n, true, 0n, 100n, 'credited'],
    ['open: nothing newer, one unit missing', 100n, false, 0n, 1n, 'open'],
    ['open: what is missing reaches back to it', 100n, false, 300n, 301n, 'open'],
    ['paid: what is missing is on newer ones', 100n, false, 300n, 300n, 'paid'],
    ['paid: nothing is missing', 100n, false, 0n, 0n, 'paid'],
    ['paid: it is over nothing', 0n, false, 0n, 500n, 'paid'],
    ['paid: it is in the payer’s favour', -5n, false, 0n, 500n, 'paid'],
  ])('%s', (_, total, undone, newer, outstanding, status) => {
    expect(billStatus({ fact: bill('2026-10', total), undone }, newer, outstanding)).toBe(status);
  });
});
