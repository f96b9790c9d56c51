// Owns how a value is held against a schema, and how what is wrong with it is told without repeating it.
// Leaves to card-numbers.ts the one thing no schema knows.
import type * as z from 'zod';
import { fieldPath, MAX_FIELD_ERRORS } from '../http/field-path.ts';
import type { FieldError } from '../http/problem.ts';

export type Validated<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** `value` as `schema` has it, or one line per wrong field. */
export const validate = <Schema extends z.ZodType>(schema: Schema, value: unknown): Validated<z.output<Schema>> => {
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'valid', value: result.data };
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: fieldPath([...issue.path, key]), message: 'is not a field of this request' }))
      : [{ field: fieldPath(issue.path), message: plainWords(issue.message) }],
  );
  // One line per field: what is no integer at all need not be told that it is too large as well.
  const perField = new Map(errors.toReversed().map((error) => [error.field, error]));
  return { kind: 'invalid', errors: [...perField.values()].toReversed().slice(0, MAX_FIELD_ERRORS) };
};

/** The library's words for a wrong type, shortened; they name types, never values. */
const plainWords = (message: string): string =>
  message.replace(/^Invalid input: expected \S+, received undefined$/, 'is required').replace(/^Invalid input: /, '');
