// Owns exact decimals of energy as text: what one looks like, units shifted by powers of ten, sums. No float touches a reading.
// Leaves to the parsers what a file writes and in which unit.

/** Digits before and after the point are bounded, so that no file can ask for a number of a megabyte. */
const DECIMAL = /^([+-]?)(\d{0,15})(?:\.(\d{0,12}))?$/;

interface Parts {
  /** The value times 10^scale. */
  readonly units: bigint;
  readonly scale: number;
}

const parts = (text: string): Parts | undefined => {
  const [match, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (match === undefined || whole + fraction === '') return undefined;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
};

const write = ({ units, scale }: Parts): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 || fraction === '' ? '' : `.${fraction}`}`;
};

/** `text` times 10^`power` in its shortest form, or undefined when it is no plain decimal; `.111` and 3 give `111`. */
export const shiftDecimal = (text: string, power: number): string | undefined => {
  const read = parts(text);
  if (read === undefined) return undefined;
  const scale = read.scale - power;
  return write(scale >= 0 ? { units: read.units, scale } : { units: read.units * 10n ** BigInt(-scale), scale: 0 });
};

/** The exact sum of decimals as `shiftDecimal` writes them. @throws RangeError for other text */
export const sumDecimals = (texts: Iterable<string>): string => {
  let sum: Parts = { units: 0n, scale: 0 };
  for (const text of texts) {
    const next = parts(text);
    if (next === undefined) throw new RangeError('a sum of decimals needs plain decimals: shift them first');
    const scale = Math.max(sum.scale, next.scale);
    const raise = ({ units, scale: from }: Parts) => units * 10n ** BigInt(scale - from);
    sum = { units: raise(sum) + raise(next), scale };
  }
  return write(sum);
};

export const isNegative = (decimal: string): boolean => decimal.startsWith('-');
export const magnitude = (decimal: string): string => decimal.replace(/^-/, '');
