// Owns the names of fields in refusals: a dotted path, safe to send back and to log.
// Leaves to the schemas and checks what is wrong with the field.

/** Names a client may read back; another could be a value in a name's place, or something to inject elsewhere. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

const fieldName = (segment: PropertyKey): string =>
  typeof segment === 'number' || FIELD_NAME.test(String(segment)) ? String(segment) : '(unnamed)';

/** Such as `lines.0.amountMinor`; `body` for the whole of it. */
export const fieldPath = (path: readonly PropertyKey[]): string => path.map(fieldName).join('.') || 'body';

/** A refusal names at most this many fields: a body of 64 KiB could have thousands. */
export const MAX_FIELD_ERRORS = 20;
