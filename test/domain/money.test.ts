// Owns the proof that amounts keep their cents: exponents as ISO 4217 has them, splits that lose nothing, a wire that refuses to round.
import { describe, expect, test } from '@jest/globals';
import currencyCodes from 'currency-codes';
import fc from 'fast-check';
import {
  type Currency,
  currency,
  exponentOf,
  type Minor,
  minor,
  negate,
  requireAmount,
  splitExact,
  sumOf,
  toWire,
  ZERO,
} from '../../lambdas/domain/money.ts';

/** What the package's list (ISO 4217 as of 2024-06-25) has and the table leaves out, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  ANG: 'replaced by XCG on 2025-03-31',
  BGN: 'Bulgaria took the euro on 2026-01-01',
  CUC: 'withdrawn in 2021',
  BOV: 'fund',
  CHE: 'complementary currency',
  CHW: 'complementary currency',
  CLF: 'fund',
  COU: 'fund',
  MXV: 'fund',
  USN: 'fund',
  UYI: 'fund',
  UYW: 'unit of account',
  XAG: 'metal',
  XAU: 'metal',
  XPD: 'metal',
  XPT: 'metal',
  XBA: 'bond unit',
  XBB: 'bond unit',
  XBC: 'bond unit',
  XBD: 'bond unit',
  XDR: 'unit of account',
  XSU: 'unit of account',
  XUA: 'unit of account',
  XTS: 'reserved for tests',
  XXX: 'no currency',
};

const allCodes = (): string[] => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
};

describe('currencies', () => {
  test('the table is the ISO list but for the differences named', () => {
    const known = allCodes()
      .filter((code) => currency(code) !== undefined)
      .map((code) => [code, exponentOf(code as Currency)]);
    const listed = currencyCodes.data
      .filter(({ code }) => !(code in LEFT_OUT))
      .map(({ code, digits }): [string, number] => [code, digits]);
    // Younger than the package's list: the Caribbean guilder, since 2025-03-31.
    listed.push(['XCG', 2]);
    listed.sort(([a], [b]) => (a < b ? -1 : 1));
    expect(known).toEqual(listed);
    expect(known).toHaveLength(155);
  });

  test('what is left out is on the package’s list: an entry that no longer explains anything goes', () => {
    const codes = currencyCodes.data.map(({ code }) => code);
    expect(Object.keys(LEFT_OUT).filter((code) => !codes.includes(code))).toEqual([]);
  });

  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['HUF', 2],
  ])('%s has %i decimals', (code, exponent) => {
    expect(exponentOf(code as Currency)).toBe(exponent);
  });

  test.each(['usd', 'US', 'USDT', '', 'XXX', 'XTS', 'CLF', ' USD', 'USD ', 'DEM', '__proto__', 'constructor'])(
    '%j is no currency',
    (code) => {
      expect(currency(code)).toBeUndefined();
    },
  );

  test('an unknown code has no exponent', () => {
    expect(() => exponentOf('XXX' as Currency)).toThrow(new RangeError('no ISO 4217 exponent for XXX'));
  });
});

describe('minor', () => {
  test('takes integers of either kind', () => {
    expect(minor(12_345)).toBe(12_345n);
    expect(minor(-1n)).toBe(-1n);
    expect(negate(minor(5))).toBe(-5n);
    expect(ZERO).toBe(0n);
    expect(sumOf([minor(1), minor(-4), minor(10)])).toBe(7n);
    expect(sumOf([])).toBe(0n);
  });

  test.each([
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [9_007_199_254_740_992, '9007199254740992'],
  ])('refuses %d', (amount, told) => {
    expect(() => minor(amount)).toThrow(new RangeError(`an amount in minor units is a safe integer, got ${told}`));
  });
});

describe('requireAmount', () => {
  test.each([1n, 1_000_000_000_000n])('lets %d pass', (amount) => {
    expect(requireAmount(minor(amount), 'a refund')).toBe(amount);
  });

  test.each([0n, -1n, 1_000_000_000_001n])('refuses %d', (amount) => {
    expect(() => requireAmount(minor(amount), 'a refund')).toThrow(
      new RangeError(`a refund is 1 to 1000000000000 minor units, got ${amount}`),
    );
  });
});

describe('toWire', () => {
  test.each([
    [0n, 0],
    [-12_345n, -12_345],
    [9_007_199_254_740_991n, 9_007_199_254_740_991],
    [-9_007_199_254_740_991n, -9_007_199_254_740_991],
  ])('%d is itself on the wire', (amount, wire) => {
    expect(toWire(amount)).toBe(wire);
  });

  test.each([9_007_199_254_740_992n, -9_007_199_254_740_993n])('%d is refused, not rounded', (amount) => {
    expect(() => toWire(amount)).toThrow(new RangeError(`amount ${amount} does not fit a safe integer`));
  });
});

describe('splitExact', () => {
  const amount = (size: bigint): fc.Arbitrary<Minor> => fc.bigInt({ min: -size, max: size }).map((n) => minor(n));
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 40 })
    .filter((all) => all.some((weight) => weight > 0n));

  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [1n, [0n, 5n, 0n], [0n, 1n, 0n]],
    [0n, [3n, 4n], [0n, 0n]],
    [10n, [1n, 2n, 3n], [2n, 3n, 5n]],
    [7n, [5n], [7n]],
    // The largest remainder gets the unit, wherever it stands.
    [10n, [333n, 333n, 334n], [3n, 3n, 4n]],
  ])('%d by %j is %j', (total, by, parts) => {
    expect(splitExact(minor(total), by)).toEqual(parts);
  });

  test('the parts sum to the total exactly', () => {
    fc.assert(
      fc.property(amount(10n ** 15n), weights, (total, by) => {
        expect(splitExact(total, by).reduce<bigint>((sum, part) => sum + part, 0n)).toBe(total);
      }),
    );
  });

  test('each part is less than one unit from its exact share, and nothing goes to a weight of zero', () => {
    fc.assert(
      fc.property(amount(10n ** 15n), weights, (total, by) => {
        const whole = by.reduce((sum, weight) => sum + weight, 0n);
        for (const [index, part] of splitExact(total, by).entries()) {
          const off = part * whole - total * by[index]!;
          expect(off < whole && off > -whole).toBe(true);
          if (by[index] === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });

  test.each([
    [[], ''],
    [[0n, 0n], '0, 0'],
    [[5n, -1n], '5, -1'],
  ])('refuses the weights %j', (by: bigint[], told) => {
    expect(() => splitExact(minor(100n), by)).toThrow(
      new RangeError(`split needs non-negative weights and a positive one, got [${told}]: pass weights`),
    );
  });
});
