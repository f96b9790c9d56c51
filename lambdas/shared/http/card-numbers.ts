// Owns the search for card numbers in whatever a client sent: none may reach a log, a fact or a view.
// Leaves to domain/card-number.ts what one looks like.
import { looksLikeCardNumber } from '../../domain/card-number.ts';
import { fieldPath } from './field-path.ts';
import type { FieldError } from './problem.ts';

const cardNumberAt = (path: readonly PropertyKey[]): FieldError => ({
  field: fieldPath(path),
  message: 'looks like a card number: send a token of it instead',
});

/** One error per field of `value`, a parsed JSON value, that holds a card number, as text or as a number; it is not in the error. */
export const cardNumberErrors = (value: unknown): readonly FieldError[] =>
  holdsCardNumber(value) ? errorsAt(value, []) : [];

/** Almost no request does: paths are made for those alone. */
const holdsCardNumber = (value: unknown): boolean => {
  if (typeof value === 'string' || typeof value === 'number') return looksLikeCardNumber(String(value));
  if (typeof value !== 'object' || value === null) return false;
  for (const [key, item] of Object.entries(value)) if (looksLikeCardNumber(key) || holdsCardNumber(item)) return true;
  return false;
};

const errorsAt = (value: unknown, path: readonly PropertyKey[]): readonly FieldError[] => {
  if (typeof value !== 'object' || value === null) return holdsCardNumber(value) ? [cardNumberAt(path)] : [];
  return Object.entries(value).flatMap(([key, item]) =>
    // The empty name is none that may be read back: a key that holds the number must not be.
    looksLikeCardNumber(key)
      ? [cardNumberAt([...path, ''])]
      : errorsAt(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};
