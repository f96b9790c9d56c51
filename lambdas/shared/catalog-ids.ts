// Owns what ids of tariffs and meters look like in a path.
// Leaves to the catalog which of them exist.
import { CATALOG_ID, CATALOG_ID_RULE } from '../domain/ids.ts';
import { type ApiEvent, pathParameter } from './http/event.ts';
import { invalidRequest } from './http/problem.ts';

/** @throws Refusal 400 */
export const catalogId = (event: ApiEvent, name: 'tariffId' | 'meterId'): string => {
  const id = pathParameter(event, name);
  if (CATALOG_ID.test(id)) return id;
  throw invalidRequest([{ field: name, message: CATALOG_ID_RULE }]);
};
