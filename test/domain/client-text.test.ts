// Owns the proof that no text of a client reaches a key of the ledger, and that keys sort as facts follow each other.
// Leaves the forms of ids and keys to ids.test.ts and keys.test.ts.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { paymentId } from '../../lambdas/domain/ids.ts';
import { factKey, keyOf, parseFactKey, paymentStream } from '../../lambdas/domain/keys.ts';
import { adjust, must, pay, refund, streamOf } from './commands.ts';

const DIGEST_KEY = /^(?:p#pay|x#adj)_[a-z2-7]{52}#\d{3}$/;

describe('the idempotency key of a client', () => {
  test.each(['#', 'p#pay_x#000', 'a#b|c', '', '\u0000', '../..', 'maria@example.org'])(
    '%j leaves no trace in a key',
    (key) => {
      for (const fact of [...streamOf(pay(100n, { key }), refund(1n, { key })), ...streamOf(adjust(5n, { key }))]) {
        expect(keyOf(fact)).toMatch(DIGEST_KEY);
        expect(parseFactKey(keyOf(fact))).toEqual({ stream: fact.stream, ordinal: fact.ordinal });
      }
    },
  );

  test('whatever it holds, the keys have one form and no fact holds it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (secret) => {
        const key = `${secret}#§`;
        const facts: readonly Fact[] = streamOf(pay(100n, { key }), refund(1n, { key }));
        for (const fact of facts) {
          expect(keyOf(fact)).toMatch(DIGEST_KEY);
          expect(Object.values(fact).filter((value) => typeof value === 'string' && value.includes(key))).toEqual([]);
        }
      }),
    );
  });
});

describe('the keys of one stream', () => {
  test('sort by ordinal, from 0 to 999, as bytes do', () => {
    const stream = paymentStream(must(paymentId(`pay_${'a'.repeat(52)}`)));
    const keys = Array.from({ length: 1000 }, (_, ordinal) => factKey(stream, ordinal));
    expect([...keys].reverse().sort()).toEqual(keys);
    expect([...keys].reverse().sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(keys);
  });
});
