// Owns the proof that a payment is charged once and refunded once, and that the books follow the money.
// Leaves the talk with a processor to test/lambdas/settle-payment.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../lambdas/domain/decide.ts';
import type { Fact, LedgerAccount } from '../../lambdas/domain/facts.ts';
import { foldPayment } from '../../lambdas/domain/fold.ts';
import { bookedOn } from '../../lambdas/domain/postings.ts';
import { foldSettlement, nextStep } from '../../lambdas/domain/settlement.ts';
import { statementLines } from '../../lambdas/domain/statement.ts';
import { addSums, EMPTY_SUMS, effectOnSums } from '../../lambdas/domain/sums.ts';
import { appended, decline, pay, refund, reverse, streamOf } from './commands.ts';
import { byStream, history } from './histories.ts';
import { failRefund, nextCommand, settle, settleRefund, startCharge, startRefund } from './settling.ts';

const booked = (account: LedgerAccount, facts: readonly Fact[]): bigint =>
  facts.reduce<bigint>((sum, fact) => sum + bookedOn(account, fact), 0n);
const books = (facts: readonly Fact[]) => ({
  cash: booked('cash', facts),
  toCollect: booked('payments-clearing', facts),
  toSendBack: booked('refunds-clearing', facts),
  paid: -booked('receivable', facts),
});
const settled = [pay(100n), startCharge(100n), settle()] as const;

describe('a charge', () => {
  test('is started over what is left of the payment, and moves nothing', () => {
    const facts = streamOf(pay(100n), refund(30n), startCharge(70n));
    expect(facts[2]).toMatchObject({
      type: 'ChargeStarted',
      ordinal: 2,
      processor: 'memory',
      reference: 'charge_1',
      amountMinor: 70n,
      postings: [],
      region: 'us-west-2',
    });
    expect(nextStep(facts)).toMatchObject({ kind: 'confirm-charge', charge: { reference: 'charge_1' } });
  });

  test('that comes second gets the reference of the first, whoever brings it', () => {
    const facts = streamOf(pay(100n), startCharge(100n, 'charge_1'));
    expect(decide(facts, startCharge(100n, 'charge_2'))).toEqual({ kind: 'replay', fact: facts[1] });
    expect(decide(facts, startCharge(100n, 'charge_3', { key: 'other' }))).toEqual({ kind: 'replay', fact: facts[1] });
  });

  test('over another amount than is left by then is refused: what was prepared is never confirmed', () => {
    expect(decide(streamOf(pay(100n), refund(30n)), startCharge(100n))).toEqual({
      kind: 'rejected',
      reason: 'not-reversible',
      detail: '70 of the payment can be charged, 100 was prepared',
    });
    expect(decide(streamOf(pay(100n), decline()), startCharge(100n))).toMatchObject({
      detail: '0 of the payment can be charged, 100 was prepared',
    });
  });

  test.each([
    ['refunded in full', refund(100n)],
    ['reversed', reverse(0)],
    ['declined', decline()],
  ])('is never started for a payment %s before', (_, command) => {
    expect(nextStep(streamOf(pay(100n), command))).toBeUndefined();
  });

  test('collected turns what was to be collected into cash, and is no line of the statement', () => {
    const facts = streamOf(...settled);
    expect(facts[2]?.postings).toEqual([
      { ledgerAccount: 'cash', amountMinor: 100n },
      { ledgerAccount: 'payments-clearing', amountMinor: -100n },
    ]);
    expect(facts.flatMap(statementLines).map(({ type }) => type)).toEqual(['payment']);
    expect(facts.map(effectOnSums).reduce(addSums, EMPTY_SUMS)).toMatchObject({ paidMinor: 100n, pendingMinor: 0n });
    expect(nextStep(facts)).toBeUndefined();
  });

  test('declined undoes the payment, with nothing left to do', () => {
    const facts = streamOf(pay(100n), startCharge(100n), decline());
    expect(books(facts)).toEqual({ cash: 0n, toCollect: 0n, toSendBack: 0n, paid: 0n });
    expect(nextStep(facts)).toBeUndefined();
  });

  test('has one outcome', () => {
    expect(decide(streamOf(...settled), decline())).toMatchObject({
      kind: 'rejected',
      detail: 'The payment is settled: refund it instead',
    });
    expect(decide(streamOf(pay(100n), startCharge(100n), decline()), settle())).toMatchObject({
      kind: 'rejected',
      detail: 'The payment was declined: its effect is undone',
    });
    const facts = streamOf(...settled);
    expect(decide(facts, settle({ key: 'other' }))).toEqual({ kind: 'replay', fact: facts[2] });
  });

  test('that was never started has no outcome to record', () => {
    expect(() => decide(streamOf(pay(100n)), settle())).toThrow(/^no charge of pay_[a-z2-7]{52} was started$/);
  });
});

describe('money back', () => {
  test('of a refund while the charge is under way is collected first, then sent', () => {
    const facts = streamOf(pay(100n), startCharge(100n), refund(30n), settle());
    expect(facts[3]?.postings).toEqual([
      { ledgerAccount: 'cash', amountMinor: 100n },
      { ledgerAccount: 'payments-clearing', amountMinor: -70n },
      { ledgerAccount: 'refunds-clearing', amountMinor: -30n },
    ]);
    expect(nextStep(facts)).toEqual({ kind: 'start-refund', back: { ordinal: 2, amountMinor: 30n } });
    const sent = [...facts, ...[startRefund(2)].map((command) => appended(decide(facts, command)))];
    expect(nextStep(sent)).toMatchObject({ kind: 'send-refund', started: { refundedOrdinal: 2, amountMinor: 30n } });
    const done = [...sent, appended(decide(sent, settleRefund(2)))];
    expect(books(done)).toEqual({ cash: 70n, toCollect: 0n, toSendBack: 0n, paid: 70n });
    expect(nextStep(done)).toBeUndefined();
  });

  test('of a refund before the charge is not collected in the first place', () => {
    const facts = streamOf(pay(100n), refund(30n), startCharge(70n), settle());
    expect(books(facts)).toEqual({ cash: 70n, toCollect: 0n, toSendBack: 0n, paid: 70n });
    expect(foldSettlement(facts).moneyBack).toEqual([]);
  });

  test('of a payment reversed after it was settled is sent', () => {
    const facts = streamOf(...settled, refund(30n), reverse(0));
    expect(foldSettlement(facts).moneyBack).toEqual([
      { ordinal: 3, amountMinor: 30n },
      { ordinal: 4, amountMinor: 70n },
    ]);
  });

  test('that could not be sent makes the payer owe that much less again, with a line', () => {
    const facts = streamOf(...settled, refund(30n), startRefund(3), failRefund(3));
    expect(books(facts)).toEqual({ cash: 100n, toCollect: 0n, toSendBack: 0n, paid: 100n });
    expect(statementLines(facts[5] as Fact)[0]).toMatchObject({
      type: 'reversal',
      amountMinor: -30n,
      description: 'Refund failed: account closed',
    });
    expect(foldPayment(facts)?.remainingMinor).toBe(100n);
    expect(nextStep(facts)).toBeUndefined();
    expect(decide(facts, reverse(3))).toMatchObject({ kind: 'rejected', reason: 'already-reversed' });
  });

  test('has one outcome', () => {
    const failed = streamOf(...settled, refund(30n), startRefund(3), failRefund(3));
    expect(decide(failed, settleRefund(3))).toMatchObject({ kind: 'rejected', reason: 'already-reversed' });
    const sent = streamOf(...settled, refund(30n), startRefund(3), settleRefund(3));
    expect(decide(sent, failRefund(3))).toMatchObject({ kind: 'rejected', reason: 'not-reversible' });
    expect(decide(sent, settleRefund(3, { key: 'other' }))).toEqual({ kind: 'replay', fact: sent[5] });
    expect(decide(sent, startRefund(3, { key: 'other' }))).toEqual({ kind: 'replay', fact: sent[4] });
  });

  test('is not started before the charge is settled, nor for a refund that was reversed', () => {
    const nothing = { kind: 'rejected', reason: 'already-reversed' };
    expect(decide(streamOf(pay(100n), startCharge(100n), refund(30n)), startRefund(2))).toMatchObject(nothing);
    expect(decide(streamOf(...settled, refund(30n), reverse(3)), startRefund(3))).toMatchObject(nothing);
    expect(() => decide(streamOf(...settled, refund(30n)), settleRefund(3))).toThrow(
      'no refund of ordinal 3 was started',
    );
  });
});

describe('the reversal of a refund', () => {
  test('is granted until its money is on the way', () => {
    expect(books(streamOf(...settled, refund(30n), reverse(3)))).toEqual({
      cash: 100n,
      toCollect: 0n,
      toSendBack: 0n,
      paid: 100n,
    });
    expect(decide(streamOf(...settled, refund(30n), startRefund(3)), reverse(3))).toEqual({
      kind: 'rejected',
      reason: 'not-reversible',
      detail: 'The refund is on its way to the payer',
    });
  });

  test('is refused once the payer was charged that much less', () => {
    expect(decide(streamOf(pay(100n), refund(30n), startCharge(70n)), reverse(1))).toEqual({
      kind: 'rejected',
      reason: 'not-reversible',
      detail: 'The payer was charged that much less: take a new payment',
    });
  });
});

describe('any payment of a valid history', () => {
  test.each([false, true])(
    'comes to its end, and then cash is what stands as paid (processor refuses: %s)',
    (refuses) => {
      fc.assert(
        fc.property(history, (facts) => {
          for (const [stream, given] of byStream(facts)) {
            if (!stream.startsWith('p#')) continue;
            const all = [...given];
            const nowMs = 4_000_000_000_000;
            for (
              let command = nextCommand(all, { nowMs }, refuses);
              command;
              command = nextCommand(all, { nowMs }, refuses)
            ) {
              all.push(appended(decide(all, command)));
              expect(all.length).toBeLessThan(200);
            }
            const { cash, toCollect, toSendBack, paid } = books(all);
            expect([toCollect, toSendBack]).toEqual([0n, 0n]);
            expect(cash).toBe(paid);
          }
        }),
      );
    },
  );
});
