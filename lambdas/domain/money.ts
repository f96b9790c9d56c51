// Owns amounts of money: minor units as bigint, ISO 4217 exponents, exact splits.
// Leaves to others: what an amount means (facts.ts) and how it is booked (postings.ts).
import type { Brand } from './brand.ts';

/** An amount in the minor unit of its currency (cents for USD, yen for JPY). Positive, negative or zero. */
export type Minor = Brand<bigint, 'Minor'>;

/** An ISO 4217 alphabetic code that `exponentOf` knows. */
export type Currency = Brand<string, 'Currency'>;

/** ISO 4217 list one, active codes of national currencies, by their number of decimals. Funds, metals and test codes are left out. */
const CODES_BY_EXPONENT: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
      CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
      KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB
      PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
      TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(exponent)]),
  ),
);

/** Undefined for a code that is not an active ISO 4217 currency. */
export const currency = (code: string): Currency | undefined => (EXPONENTS.has(code) ? (code as Currency) : undefined);

/** How many decimals the currency's major unit has: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217). */
export const exponentOf = (code: Currency): number => {
  const exponent = EXPONENTS.get(code);
  if (exponent === undefined) throw new RangeError(`no ISO 4217 exponent for ${code}`);
  return exponent;
};

/** 10^12 minor units: the most one payment, refund, adjustment or bill line may be (CONTRACT, money). */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000n;

/** @throws RangeError for a number that is no safe integer */
export const minor = (amount: bigint | number): Minor => {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) {
    throw new RangeError(`an amount in minor units is a safe integer, got ${amount}`);
  }
  return BigInt(amount) as Minor;
};

export const ZERO = minor(0n);
export const negate = (amount: Minor): Minor => minor(-amount);
export const sumOf = (amounts: readonly Minor[]): Minor =>
  minor(amounts.reduce<bigint>((sum, amount) => sum + amount, 0n));

/**
 * `amount` unless it is outside 1…MAX_AMOUNT_MINOR; `what` names it in the error. Requests are checked long before: this is what
 * keeps a slip there from turning a refund into a charge.
 * @throws RangeError
 */
export const requireAmount = (amount: Minor, what: string): Minor => {
  if (amount >= 1n && amount <= MAX_AMOUNT_MINOR) return amount;
  throw new RangeError(`${what} is 1 to ${MAX_AMOUNT_MINOR} minor units, got ${amount}`);
};

/** The integer that stands for the amount in JSON. @throws RangeError when it is no safe integer */
export const toWire = (amount: bigint): number => {
  const wire = Number(amount);
  if (!Number.isSafeInteger(wire)) throw new RangeError(`amount ${amount} does not fit a safe integer`);
  return wire;
};

/**
 * Splits `total` in proportion to `weights` so that the parts sum to it exactly: each part is rounded towards zero and the units
 * that are left go to the largest remainders, the first of equals first (Hamilton's method of apportionment).
 * @throws RangeError for no weights, a negative one, or none positive
 */
export const splitExact = (total: Minor, weights: readonly bigint[]): Minor[] => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.some((weight) => weight < 0n) || whole <= 0n) {
    throw new RangeError(
      `split needs non-negative weights and a positive one, got [${weights.join(', ')}]: pass weights`,
    );
  }
  const sign = total < 0n ? -1n : 1n;
  const size = sign * total;
  const parts = weights.map((weight, index) => ({
    index,
    part: (size * weight) / whole,
    remainder: (size * weight) % whole,
  }));
  const left = size - parts.reduce((sum, { part }) => sum + part, 0n);
  const byRemainder = [...parts].sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder));
  const lucky = new Set(byRemainder.slice(0, Number(left)).map(({ index }) => index));
  return parts.map(({ index, part }) => minor(sign * (lucky.has(index) ? part + 1n : part)));
};
