import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountId, adjustmentId, paymentId, period } from '../../lambdas/domain/ids.ts';
import {
  accountStream,
  adjustmentStream,
  billStream,
  decodePosition,
  encodePosition,
  factKey,
  parseFactKey,
  paymentStream,
} from '../../lambdas/domain/keys.ts';
import { ACCOUNT_ID, must } from './commands.ts';

const A52 = 'a'.repeat(52);
const STREAMS = [
  accountStream,
  billStream(must(period('2026-10'))),
  paymentStream(must(paymentId(`pay_${A52}`))),
  adjustmentStream(must(adjustmentId(`adj_${A52}`))),
];

describe('fact keys', () => {
  test('are a stream and three digits', () => {
    expect(STREAMS.map((stream) => factKey(stream, 7))).toEqual([
      'a#007',
      'b#2026-10#007',
      `p#pay_${A52}#007`,
      `x#adj_${A52}#007`,
    ]);
  });

  test('are read back', () => {
    for (const stream of STREAMS) expect(parseFactKey(factKey(stream, 999))).toEqual({ stream, ordinal: 999 });
  });

  test('end at ordinal 999', () => {
    expect(() => factKey(accountStream, 1000)).toThrow(/^an ordinal is 0 to 999, got 1000$/);
    expect(() => factKey(accountStream, -1)).toThrow(/got -1$/);
    expect(() => factKey(accountStream, 0.5)).toThrow(/got 0.5$/);
  });

  test.each(['', 'a', 'a#00', 'a#0000', 'b#2026-13#000', 'hb#us-east-1#00', 'p#pay_x#000', 'x#pay_#000', 'a#000 '])(
    '%p is none',
    (text) => expect(parseFactKey(text)).toBeUndefined(),
  );
});

describe('positions', () => {
  test('are opaque, at most 512 characters, and pinned: clients keep them', () => {
    expect(encodePosition(ACCOUNT_ID, factKey(accountStream, 0))).toBe('MXx1c18xMDAxfGEjMDAw');
    const longest = must(accountId(`us_${'x'.repeat(60)}`));
    expect(encodePosition(longest, factKey(must(STREAMS[2]), 999)).length).toBeLessThanOrEqual(512);
  });

  test('are read back', () => {
    for (const stream of STREAMS) {
      const key = factKey(stream, 12);
      expect(decodePosition(encodePosition(ACCOUNT_ID, key))).toEqual({ accountId: 'us_1001', key });
    }
  });

  const written = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    '',
    'MXx1c18xMDAxfGEjMDAw=',
    'MXx1c18xMDAxfGEjMDAx\n',
    `${'A'.repeat(513)}`,
    written('2|us_1001|a#000'),
    written('1|us_1001|a#000|'),
    written('1|us_1001|hb#us-east-1#00'),
    written('1|US|a#000'),
  ])('%p is none', (text) => expect(decodePosition(text)).toBeUndefined());

  test('no other text is one', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(decodePosition(text)).toBeUndefined()));
  });
});
