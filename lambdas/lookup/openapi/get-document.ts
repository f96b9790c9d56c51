// Owns `GET /openapi.json`: made at the first request of a worker, the same ever after.
// Leaves to document.ts what it says.
import { header } from '../../shared/http/event.ts';
import { revalidatedReply } from '../../shared/http/reply.ts';
import type { Route } from '../../shared/http/router.ts';
import { openApiDocument } from './document.ts';

let document: object | undefined;

export const getDocument: Route = async (event) => {
  document ??= openApiDocument();
  return revalidatedReply(document, header(event, 'if-none-match'));
};
