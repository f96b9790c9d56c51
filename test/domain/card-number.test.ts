// Owns the proof that card numbers are found however they are written, and that ordinary text of a bill is left alone.
// Leaves the refusal of a whole request to test/local.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeCardNumber } from '../../lambdas/domain/card-number.ts';
import { cardNumberErrors } from '../../lambdas/shared/http/card-numbers.ts';

/** The networks' and processors' published test numbers; none is anybody's. */
const TEST_NUMBERS = [
  ['Visa', '4111111111111111'],
  ['Visa', '4242424242424242'],
  ['Visa, 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard, 2-series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['American Express', '371449635398431'],
  ['Discover', '6011111111111117'],
  ['Discover', '6011000990139424'],
  ['Diners Club', '30569309025904'],
  ['Diners Club', '38520000023237'],
  ['JCB', '3530111333300000'],
  ['JCB', '3566002020360505'],
  ['UnionPay', '6200000000000005'],
  ['Maestro', '6759649826438453'],
] as const;

/** In the groups that cards print. */
const grouped = (digits: string, separator: string): string => {
  const sizes = { 14: [4, 6, 4], 15: [4, 6, 5], 16: [4, 4, 4, 4] }[digits.length] ?? [digits.length];
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  return sizes.map((size, index) => digits.slice(starts[index], (starts[index] ?? 0) + size)).join(separator);
};

describe('a card number is found', () => {
  test.each(TEST_NUMBERS)('%s: %s, alone, grouped and inside a text', (_, digits) => {
    for (const separator of ['', ' ', '-', '.', '\u00a0', '\u2011']) {
      const number = grouped(digits, separator);
      expect(looksLikeCardNumber(number)).toBe(true);
      expect(looksLikeCardNumber(`paid with ${number}, thanks`)).toBe(true);
      expect(looksLikeCardNumber(`card:${number}.`)).toBe(true);
    }
  });

  test('with 19 digits, in one run and in groups', () => {
    expect(looksLikeCardNumber('4000000000000000006')).toBe(true);
    expect(looksLikeCardNumber('4000 0000 0000 0000 006')).toBe(true);
  });

  test('in full-width digits', () => {
    expect(looksLikeCardNumber('４１１１１１１１１１１１１１１１')).toBe(true);
  });

  test.each(['4111 1111 1111 1111 12 29', '4111-1111-1111-1111-123', '7 4111 1111 1111 1111'])(
    'beside an expiry date or a code: %s',
    (text) => {
      expect(looksLikeCardNumber(text)).toBe(true);
    },
  );
});

describe('what is no card number is left alone', () => {
  test.each([
    ['a wrong check digit', '4111111111111112'],
    ['a wrong check digit in groups', '4111 1111 1111 1112'],
    ['a prefix of no network', '9111111111111111'],
    ['mixed separators', '4111-1111 1111-1111'],
    ['groups of no card', '411 1111 1111 11111'],
    ['a run longer than a card', '41111111111111111111'],
    ['an amount in minor units', '1000000000000'],
    ['an amount', '12,345.67'],
    ['a meter number', 'MTR-0042-118-7'],
    ['a meter point of 13 digits', '1012345678901'],
    ['an IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['a time', '2026-10-15T12:00:00.000Z'],
    ['epoch milliseconds', '1792065600000'],
    ['a telephone number', '+1 415 555 2671'],
    ['nothing', ''],
  ])('%s: %s', (_, text) => {
    expect(looksLikeCardNumber(text)).toBe(false);
  });

  test.each(['56ad4107-0000-1000-8740-000000000000', '56AD4107-0000-1000-8740-000000000000'])(
    'a UUID whose groups could be those of a card: %s',
    (id) => {
      expect(looksLikeCardNumber(id)).toBe(false);
      expect(looksLikeCardNumber(`order ${id}`)).toBe(false);
      expect(looksLikeCardNumber(`${id} 4111 1111 1111 1111`)).toBe(true);
      expect(looksLikeCardNumber('4107-0000-1000-8740')).toBe(true);
    },
  );

  test('UUIDs', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(looksLikeCardNumber(id)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  test('ids of payments and positions: base32 of digests', () => {
    const base32 = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'),
      minLength: 52,
      maxLength: 52,
    });
    // A run of 13 digits out of 2-7 is rarer than one in a million ids: the generator never makes one.
    fc.assert(
      fc.property(base32, (id) => {
        expect(looksLikeCardNumber(`pay_${id}`)).toBe(false);
      }),
      { numRuns: 500, seed: 20_261_015 },
    );
  });

  test('runs of 20 digits and more', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(digits, (run) => {
        expect(looksLikeCardNumber(run)).toBe(false);
      }),
    );
  });

  test('amounts up to the largest there is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n }), (amount) => {
        expect(looksLikeCardNumber(String(amount))).toBe(false);
      }),
    );
  });
});

describe('the errors of a request', () => {
  const message = 'looks like a card number: send a token of it instead';

  test('name the field, whether text or number', () => {
    expect(cardNumberErrors({ method: 'card', reason: 'for 4111 1111 1111 1111' })).toEqual([
      { field: 'reason', message },
    ]);
    expect(cardNumberErrors({ amountMinor: 4_111_111_111_111_111 })).toEqual([{ field: 'amountMinor', message }]);
    const lines = { lines: [{ description: 'Gas' }, { description: '378282246310005' }] };
    expect(cardNumberErrors(lines).map(({ field }) => field)).toEqual(['lines.1.description']);
  });

  test('never hold the number, not even one that was sent as the name of a field', () => {
    for (const [, digits] of TEST_NUMBERS) {
      const errors = cardNumberErrors({ reason: digits, [`n ${digits}`]: 1, nested: [{ text: grouped(digits, ' ') }] });
      expect(errors).toHaveLength(3);
      expect(JSON.stringify(errors).replace(/\D/g, '')).not.toContain(digits);
    }
  });

  test('are none for an ordinary payment', () => {
    expect(
      cardNumberErrors({ amountMinor: 12_345, currency: 'USD', method: 'card', note: null, flags: [true] }),
    ).toEqual([]);
  });
});
