// Owns the one rounding of a bill: the total, half away from zero, and the lines that sum to it.
// Leaves to money.ts how many decimals a currency has.
import type { BillLine } from '../facts.ts';
import { type Currency, exponentOf, type Minor, minor } from '../money.ts';
import { type Charge, totalOf } from './charge.ts';
import { exact, floor, isLess, minus, round, times } from './exact.ts';

/**
 * Rounds the sum once and gives every line the minor units below its exact amount; the units then left go to the largest remainders,
 * the first of equals first. Lines may be credits, which `splitExact` of money.ts has no weights for. A line of nothing is left out.
 */
export const allocate = (
  charges: readonly Charge[],
  currency: Currency,
): { readonly lines: readonly BillLine[]; readonly totalMinor: Minor } => {
  const unitsPerMajor = exact(10n ** BigInt(exponentOf(currency)));
  const parts = charges.map(({ description, amount }, index) => {
    const exactMinor = times(amount, unitsPerMajor);
    const below = floor(exactMinor);
    return { index, description, below, remainder: minus(exactMinor, exact(below)) };
  });
  const totalMinor = round(times(totalOf(charges), unitsPerMajor));
  const left = totalMinor - parts.reduce((sum, { below }) => sum + below, 0n);
  const byRemainder = [...parts].sort(
    (a, b) => Number(isLess(a.remainder, b.remainder)) - Number(isLess(b.remainder, a.remainder)),
  );
  const lucky = new Set(byRemainder.slice(0, Number(left)).map(({ index }) => index));
  const lines = parts
    .map(({ index, description, below }) => ({
      description,
      amountMinor: minor(lucky.has(index) ? below + 1n : below),
    }))
    .filter(({ amountMinor }) => amountMinor !== 0n);
  return { lines, totalMinor: minor(totalMinor) };
};
