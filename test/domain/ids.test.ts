import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  accountId,
  adjustmentId,
  adjustmentIdOf,
  billId,
  commandId,
  isoDate,
  jurisdictionOf,
  parseBillId,
  paymentId,
  paymentIdOf,
  period,
} from '../../lambdas/domain/ids.ts';
import { ACCOUNT_ID, must } from './commands.ts';

describe('account ids', () => {
  test.each(['us_1', 'us_A-b_9', `eu_${'x'.repeat(60)}`])('%p is one', (text) => expect(accountId(text)).toBe(text));
  test.each(['', 'us_', 'US_1', 'usa_1', 'us-1', `us_${'x'.repeat(61)}`, 'us_a#b', 'us_a\n', 'us_é', ' us_1'])(
    '%p is none',
    (text) => expect(accountId(text)).toBeUndefined(),
  );
  test('say their jurisdiction', () => expect(jurisdictionOf(must(accountId('eu_42')))).toBe('eu'));
});

describe('dates', () => {
  test.each(['2024-02-29', '2026-12-31', '2000-02-29'])('%p is one', (text) => expect(isoDate(text)).toBe(text));
  test.each(['2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-1-1', '2026-10-15T00:00', ''])(
    '%p is none',
    (text) => expect(isoDate(text)).toBeUndefined(),
  );
  test.each(['2026-00', '2026-13', '2026-1', '26-10', '2026-10-01'])('%p is no period', (text) =>
    expect(period(text)).toBeUndefined(),
  );
});

describe('bill ids', () => {
  test('name period and revision', () => {
    expect(billId(must(period('2026-10')), 2)).toBe('bill_2026-10_r2');
    expect(parseBillId('bill_2026-10_r2')).toEqual({ period: '2026-10', revision: 2 });
  });
  test.each(['bill_2026-10_r0', 'bill_2026-10_r01', 'bill_2026-13_r1', 'bill_2026-10', 'bill_2026-10_r1000', 'x'])(
    '%p is none',
    (text) => expect(parseBillId(text)).toBeUndefined(),
  );
});

describe('command ids', () => {
  const command = {
    jurisdiction: 'us',
    accountId: ACCOUNT_ID,
    path: '/v1/accounts/us_1001/payments',
    idempotencyKey: 'k',
  };

  test('are pinned: a retry years later must find the same fact', () => {
    expect(commandId(command)).toBe('ucvzbcoc46tjevvw66ojaok5oyo6dq7duwwgzl4r6ju4xwsn4uoq');
    expect(paymentIdOf(commandId(command))).toBe('pay_ucvzbcoc46tjevvw66ojaok5oyo6dq7duwwgzl4r6ju4xwsn4uoq');
    expect(adjustmentIdOf(commandId(command))).toBe('adj_ucvzbcoc46tjevvw66ojaok5oyo6dq7duwwgzl4r6ju4xwsn4uoq');
  });

  test('make well-formed payment and adjustment ids', () => {
    fc.assert(
      fc.property(fc.string(), (idempotencyKey) => {
        const id = commandId({ ...command, idempotencyKey });
        expect(paymentId(paymentIdOf(id))).toBe(`pay_${id}`);
        expect(adjustmentId(adjustmentIdOf(id))).toBe(`adj_${id}`);
      }),
    );
  });

  test('differ for two accounts and two paths with one key', () => {
    const other = { ...command, accountId: must(accountId('us_1002')) };
    const path = { ...command, path: '/v1/accounts/us_1001/adjustments' };
    expect(new Set([command, other, path].map(commandId)).size).toBe(3);
  });

  test('cannot be made equal by separators inside a part', () => {
    const joints = ['1:', '#', '|', '/', ':', '\0', '2:a1:', ''];
    const parts = fc.array(fc.constantFrom('a', '1', ...joints), { maxLength: 6 }).map((all) => all.join(''));
    fc.assert(
      fc.property(parts, parts, parts, parts, (path, key, otherPath, otherKey) => {
        fc.pre(path !== otherPath || key !== otherKey);
        expect(commandId({ ...command, path, idempotencyKey: key })).not.toBe(
          commandId({ ...command, path: otherPath, idempotencyKey: otherKey }),
        );
      }),
      { numRuns: 500 },
    );
    expect(commandId({ ...command, path: 'p', idempotencyKey: '1:k' })).not.toBe(
      commandId({ ...command, path: 'p1:', idempotencyKey: 'k' }),
    );
  });
});
