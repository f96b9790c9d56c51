import { describe, expect, test } from '@jest/globals';
import { auditAccount, type LedgerFact } from '../../../local/control-room/audit.ts';
import { Auditor } from '../../../local/control-room/auditor.ts';
import { PaymentBook } from '../../../local/control-room/payment-book.ts';

const accepted = (id: string, amountMinor: number): LedgerFact => ({
  key: `p#${id}#000`,
  isSound: true,
  type: 'PaymentAccepted',
  amountMinor,
});
const settled = (id: string, ordinal = '002'): LedgerFact => ({
  key: `p#${id}#${ordinal}`,
  isSound: true,
  type: 'PaymentSettled',
});
const intent = (amountMinor: number, paymentId?: string) => ({
  accountId: 'us_a',
  idempotencyKey: `k-${amountMinor}`,
  amountMinor,
  ...(paymentId === undefined ? {} : { paymentId }),
});

describe('the audit of an account', () => {
  test('what is acknowledged, stored once and settled is well', () => {
    const facts = [accepted('pay_1', 1_000), settled('pay_1'), accepted('pay_2', 1_001)];
    expect(auditAccount([intent(1_000, 'pay_1'), intent(1_001, 'pay_2')], facts)).toEqual({
      checked: 2,
      settled: 1,
      lost: 0,
      doubled: 0,
      damaged: 0,
    });
  });

  test('an acknowledged payment that is not in the ledger is lost; one without a receipt is not', () => {
    expect(auditAccount([intent(1_000, 'pay_1'), intent(1_001)], [])).toMatchObject({ checked: 1, lost: 1 });
  });

  test('a payment is doubled when it is stored twice, whether its payer knows of it or not', () => {
    const facts = [accepted('pay_1', 1_000), accepted('pay_9', 1_000)];
    expect(auditAccount([intent(1_000, 'pay_1')], facts)).toMatchObject({ doubled: 1, lost: 0 });
    expect(auditAccount([intent(1_000)], facts)).toMatchObject({ doubled: 1, lost: 0 });
  });

  test('a payment is doubled when it is settled twice', () => {
    const facts = [accepted('pay_1', 1_000), settled('pay_1'), settled('pay_1', '003')];
    expect(auditAccount([intent(1_000, 'pay_1')], facts)).toMatchObject({ settled: 1, doubled: 1 });
  });

  test('a damaged fact is neither found nor lost, whatever amount it shows', () => {
    const damaged = { ...accepted('pay_1', 1_001), isSound: false };
    const facts = [damaged, accepted('pay_2', 1_001)];
    expect(auditAccount([intent(1_000, 'pay_1'), intent(1_001, 'pay_2')], facts)).toMatchObject({
      damaged: 1,
      lost: 0,
      doubled: 0,
    });
  });
});

describe('the auditor', () => {
  const begin = () => {
    const book = new PaymentBook('run');
    const world = { nowMs: 0, ledger: new Map<string, LedgerFact[]>(), asked: [] as string[], trouble: '' };
    const auditor = new Auditor({
      book,
      facts: async (account) => {
        if (world.trouble !== '') throw new Error(world.trouble);
        world.asked.push(account);
        return world.ledger.get(account) ?? [];
      },
      nowMs: () => world.nowMs,
    });
    return { book, world, auditor };
  };

  test('looks at four accounts a second, those first that waited longest', async () => {
    const { book, world, auditor } = begin();
    for (let n = 0; n < 6; n += 1) book.begin(`us_${n}`);
    for (world.nowMs of [1_000, 2_000, 3_000]) await auditor.look();
    expect(world.asked.slice(0, 4)).toEqual(['us_0', 'us_1', 'us_2', 'us_3']);
    expect(world.asked.slice(4, 8)).toEqual(['us_4', 'us_5', 'us_0', 'us_1']);
    expect(auditor.report().oldestLookMs).toBe(1_000);
  });

  test('counts what it found over all accounts, and says what is not looked up yet', async () => {
    const { book, world, auditor } = begin();
    const first = book.begin('us_0');
    book.acknowledge(first, 'pay_1');
    book.acknowledge(book.begin('us_1'), 'pay_2');
    world.ledger.set('us_0', [accepted('pay_1', first.amountMinor), settled('pay_1')]);
    await auditor.look();
    book.acknowledge(book.begin('us_1'), 'pay_3');
    expect(auditor.report()).toEqual({
      begun: 3,
      acknowledged: 3,
      checked: 2,
      settled: 1,
      lost: 1,
      doubled: 0,
      damaged: 0,
      oldestLookMs: 0,
      trouble: null,
    });
  });

  test('says why it could not look, keeps what it knew, and goes on', async () => {
    const { book, world, auditor } = begin();
    book.acknowledge(book.begin('us_0'), 'pay_1');
    world.ledger.set('us_0', [accepted('pay_1', 1_000)]);
    await auditor.look();
    world.trouble = 'no Region is up';
    await auditor.look();
    expect(auditor.report()).toMatchObject({ checked: 1, lost: 0, trouble: 'no Region is up' });
    world.trouble = '';
    await auditor.look();
    expect(auditor.report()).toMatchObject({ checked: 1, trouble: null });
  });
});

test('each payment of an account has an amount of its own, and a key that the next attempt has too', () => {
  const book = new PaymentBook('run');
  const [first, second] = [book.begin('us_a'), book.begin('us_a')];
  expect([first.amountMinor, second.amountMinor]).toEqual([1_000, 1_001]);
  expect(first.idempotencyKey).toBe('run-us_a-1000');
  book.acknowledge(first, 'pay_1');
  book.acknowledge(first, 'pay_1');
  expect([book.begun, book.acknowledged]).toEqual([2, 1]);
  expect(book.intentsOf('us_a')[0]?.paymentId).toBe('pay_1');
});
