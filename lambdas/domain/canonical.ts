// Owns the one text of a value that hashes are taken over: sorted keys, no white space, amounts as integers.
// Leaves to codec.ts and fingerprint.ts what is hashed.
import { createHash } from 'node:crypto';

/**
 * Canonical JSON (as RFC 8785 for the values that occur here): keys sorted by UTF-16 code unit, no white space, `undefined` members dropped, bigint as an
 * integer.
 * @throws RangeError when a bigint is no safe integer, TypeError for a value that JSON has no text for
 */
export const canonicalJson = (value: unknown): string => {
  switch (typeof value) {
    case 'bigint':
      if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
        throw new RangeError(`canonical JSON needs a safe integer, got ${value}`);
      }
      return value.toString();
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON needs a finite number, got ${value}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? arrayText(value) : objectText(value);
    default:
      throw new TypeError(`canonical JSON has no text for a ${typeof value}`);
  }
};

const arrayText = (values: readonly unknown[]): string => `[${values.map(canonicalJson).join(',')}]`;

const objectText = (value: object): string => {
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  // The order of `sort` is by UTF-16 code unit.
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
};

/** base64url SHA-256, 43 characters. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
