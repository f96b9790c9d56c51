// Owns `GET /openapi.json`: made at the first request of a worker, the same ever after.
// Leaves to document.ts what it says. It is loaded with the first request too: no other lookup should wait for its schemas.
import { header } from '../../shared/http/event.ts';
import { revalidatedReply } from '../../shared/http/reply.ts';
import type { Route } from '../../shared/http/router.ts';

let document: object | undefined;

export const getDocument: Route = async (event) => {
  document ??= (await import('./document.ts')).openApiDocument();
  return revalidatedReply(document, header(event, 'if-none-match'));
};
