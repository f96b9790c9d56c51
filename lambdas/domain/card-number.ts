// Owns the look for payment card numbers in what clients send, so that none is stored or logged.
// Leaves to the caller to refuse; the number itself is never returned.

/** Where in `value` (parsed JSON) a card number stands, as a path such as `lines.0.description`; undefined when there is none. */
export const findCardNumber = (value: unknown, path = ''): string | undefined => {
  if (typeof value === 'string') return containsCardNumber(value) ? path || 'value' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    // A key that is a number itself must not be repeated in the answer.
    if (containsCardNumber(key)) return path === '' ? 'a field name' : `a field name in ${path}`;
    const found = findCardNumber(member, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Bounded by what is neither a digit nor a separator followed by one: part of a longer grouping is no card number. */
const CANDIDATES = [
  /(?<![\d])(?<!\d[ .-])\d{13,19}(?![ .-]?\d)/g,
  /(?<!\d)(?<!\d[ .-])\d{4}([ .-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?![ .-]?\d)/g,
  /(?<!\d)(?<!\d[ .-])\d{4}([ .-])\d{6}\1\d{4,5}(?![ .-]?\d)/g,
];

const containsCardNumber = (text: string): boolean =>
  CANDIDATES.some((pattern) =>
    [...text.matchAll(pattern)].some(([candidate]) => {
      const digits = candidate.replace(/\D/g, '');
      return hasKnownPrefix(digits) && passesLuhn(digits);
    }),
  );

/** Issuer prefixes with their lengths (ISO/IEC 7812 ranges of the networks, as of 2026). */
const NETWORKS: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/, // Visa
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^6(?:011|5\d\d|4[4-9]\d)\d{12,15}$/, // Discover
  /^3(?:0[0-5]|09|6\d|8\d|9\d)\d{11}$/, // Diners Club
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/, // JCB
  /^62\d{14,17}$/, // UnionPay
  /^(?:50|5[6-9]|6[0-9])\d{11,17}$/, // Maestro
];

const hasKnownPrefix = (digits: string): boolean => NETWORKS.some((network) => network.test(digits));

/** ISO/IEC 7812-1 annex B. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = Number(digits[digits.length - 1 - fromRight]);
    const doubled = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};
