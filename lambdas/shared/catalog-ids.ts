// Owns what ids of tariffs and meters look like in a path.
// Leaves to the catalog which of them exist.
import { type ApiEvent, pathParameter } from './http/event.ts';
import { invalidRequest } from './http/problem.ts';

/** Both become part of a key. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** @throws Refusal 400 */
export const catalogId = (event: ApiEvent, name: 'tariffId' | 'meterId'): string => {
  const id = pathParameter(event, name);
  if (ID.test(id)) return id;
  throw invalidRequest([{ field: name, message: 'must be 1 to 64 of A-Z a-z 0-9 . _ -' }]);
};
