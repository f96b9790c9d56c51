// Owns exact numbers: fractions of bigints, entered as decimals, rounded only when asked.
// Leaves to others what they measure: watt-hours, kilowatts or money are all the same here.

/** `numerator / denominator`, the denominator positive; not always in lowest terms. */
export interface Exact {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export const exact = (numerator: bigint | number, denominator: bigint | number = 1n): Exact => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});

export const NOTHING = exact(0n);

/**
 * The number that a decimal text names; undefined for any other text. A number of JSON enters through the text JavaScript gives it,
 * the shortest that names the same double: for up to 15 digits that is the text it was sent as.
 */
export const decimal = (text: string | number): Exact | undefined => {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(String(text)) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const shift = Number(exponent) - fraction.length;
  return shift < 0 ? exact(digits, 10n ** BigInt(-shift)) : exact(digits * 10n ** BigInt(shift));
};

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

const reduced = (numerator: bigint, denominator: bigint): Exact => {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return divisor > 1n
    ? { numerator: numerator / divisor, denominator: denominator / divisor }
    : { numerator, denominator };
};

export const plus = (a: Exact, b: Exact): Exact => {
  // Readings of one file share their denominator: the sum of a month costs no division.
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
};

export const minus = (a: Exact, b: Exact): Exact => plus(a, { numerator: -b.numerator, denominator: b.denominator });

export const times = (a: Exact, b: Exact): Exact => reduced(a.numerator * b.numerator, a.denominator * b.denominator);

/** @throws RangeError when `b` is 0 */
export const over = (a: Exact, b: Exact): Exact => {
  if (b.numerator === 0n) throw new RangeError('nothing is divided by 0');
  return b.numerator < 0n
    ? reduced(-a.numerator * b.denominator, a.denominator * -b.numerator)
    : reduced(a.numerator * b.denominator, a.denominator * b.numerator);
};

export const sumExact = (parts: Iterable<Exact>): Exact => {
  let sum = NOTHING;
  for (const part of parts) sum = plus(sum, part);
  return sum;
};

export const isLess = (a: Exact, b: Exact): boolean => a.numerator * b.denominator < b.numerator * a.denominator;
export const isZero = ({ numerator }: Exact): boolean => numerator === 0n;
export const smaller = (a: Exact, b: Exact): Exact => (isLess(b, a) ? b : a);
export const larger = (a: Exact, b: Exact): Exact => (isLess(a, b) ? b : a);

/** Towards minus infinity. */
export const floor = ({ numerator, denominator }: Exact): bigint => {
  const quotient = numerator / denominator;
  return quotient * denominator > numerator ? quotient - 1n : quotient;
};

/** To the nearest integer, a half away from zero: 2.5 to 3, -2.5 to -3. */
export const round = ({ numerator, denominator }: Exact): bigint => {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
};

/** For people: rounded to at most `digits` decimals, no zeros at the end, thousands apart: `1,234.5`. */
export const shown = (value: Exact, digits: number): string => {
  const scaled = round(times(value, exact(10n ** BigInt(digits))));
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${scaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
};
