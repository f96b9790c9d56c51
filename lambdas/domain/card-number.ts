// Owns the look for payment card numbers in a text, so that none is stored or logged.
// Leaves to the caller to walk what a client sent and to refuse; the number itself is never returned.

/**
 * Whether `text` holds something like a card number: 13 to 19 digits in one run, or in the groups that cards print (4-4-4-4,
 * 4-4-4-4-3, 4-6-5, 4-6-4) with one kind of separator, with the prefix of a card network and a valid check digit.
 * A wrong refusal costs a rewording, a number in the ledger stays there: what stands beside it (an expiry date, a code) does
 * not hide one. Ids stay free: a UUID is left out, and the groups of an IBAN hang on its country code.
 */
export const looksLikeCardNumber = (text: string): boolean => {
  if (PLAIN.test(text) && !HAS_ENOUGH_DIGITS.test(text)) return false;
  // Full-width digits and unusual spaces and dashes are read by people like plain ones.
  const plain = text
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(UUID, 'u');
  return [...solidRuns(plain), ...groupedRuns(plain)].some((digits) => hasKnownPrefix(digits) && passesLuhn(digits));
};

/** Text that NFKC leaves as it is. */
const PLAIN = /^[ -~]*$/;
const HAS_ENOUGH_DIGITS = /^(?:\D*\d){13}/;

/** Its inner groups can be four digits each, by chance: about ten in a million random ones would be taken for a card. */
const UUID = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;

const solidRuns = (text: string): readonly string[] => text.match(/(?<!\d)\d{13,19}(?!\d)/g) ?? [];

/** Groups of digits, one separator throughout. */
const CHAINS = [/\d+(?: \d+)+/g, /\d+(?:-\d+)+/g, /\d+(?:\.\d+)+/g];
const PRINTED_GROUPS = ['4-4-4-4-3', '4-4-4-4', '4-6-5', '4-6-4'].map((sizes) => sizes.split('-').map(Number));

const groupedRuns = (text: string): readonly string[] =>
  CHAINS.flatMap((chain) => [...text.matchAll(chain)]).flatMap((found) => {
    const groups = found[0].split(/\D/);
    // `DE89 3704 …`: what begins in letters is an identifier as a whole, only its beginning is looked at.
    const isGluedToLetters = /[A-Za-z]/.test(text[found.index - 1] ?? '');
    const starts = isGluedToLetters ? [0] : groups.keys();
    return [...starts].flatMap((start) => printedAt(groups, start));
  });

const printedAt = (groups: readonly string[], start: number): readonly string[] =>
  PRINTED_GROUPS.filter((sizes) => sizes.every((size, index) => groups[start + index]?.length === size)).map((sizes) =>
    groups.slice(start, start + sizes.length).join(''),
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
  /^(?:50|5[6-9]|6\d)\d{11,17}$/, // Maestro
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
