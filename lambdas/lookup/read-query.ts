// Owns how query strings are read, and the cursors in them: opaque, and bound to the list they came from.
// Leaves to schemas/queries.ts what a query may say.
import type * as z from 'zod';
import type { ApiEvent } from '../shared/http/event.ts';
import { invalidRequest, type Refusal } from '../shared/http/problem.ts';
import { validate } from '../shared/schemas/validation.ts';

/** @throws Refusal 400 naming each wrong parameter */
export const readQuery = <Schema extends z.ZodType>(event: ApiEvent, schema: Schema): z.output<Schema> => {
  const query = validate(schema, event.queryStringParameters ?? {});
  if (query.kind === 'invalid') throw invalidRequest(query.errors);
  return query.value;
};

export const wrongCursor = (): Refusal =>
  invalidRequest([{ field: 'cursor', message: 'must be the nextCursor of a page with the same parameters' }]);

const CURSOR_VERSION = '1';

/** `list` names everything the pages have in common; `place` is where the page ended. Neither holds a `|`. */
export const encodeCursor = (list: readonly string[], place: readonly string[]): string =>
  Buffer.from([CURSOR_VERSION, ...list, ...place].join('|')).toString('base64url');

/** The place in `cursor`. @throws Refusal 400 unless `encodeCursor` made it for the same list */
export const decodeCursor = (cursor: string, list: readonly string[]): readonly string[] => {
  const parts = Buffer.from(cursor, 'base64url').toString().split('|');
  const place = parts.slice(1 + list.length);
  if (encodeCursor(list, place) !== cursor) throw wrongCursor();
  return place;
};
