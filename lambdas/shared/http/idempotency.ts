// Owns what a fact that is stored already means for the command that would write it: the same answer again, or a refusal.
// Leaves to the handlers how the answer of each fact looks; it is a pure function of the fact.
import type { Fact } from '../../domain/facts.ts';
import { matchesFingerprint } from '../../domain/fingerprint.ts';
import type { KeyedRequest } from './keyed-request.ts';
import { invalidRequest, Refusal } from './problem.ts';
import { HEADERS, type Reply } from './reply.ts';

/** @throws Refusal 422 when `stored` came from another body, compared under the version stored with it. */
export const requireSameBody = (
  stored: Pick<Fact, 'fingerprint'>,
  { body }: Pick<KeyedRequest<unknown>, 'body'>,
): void => {
  if (matchesFingerprint(stored.fingerprint, body)) return;
  throw new Refusal('idempotency-key-reuse', 'The key belongs to another request: send this one with a key of its own');
};

/** The request, once no stored fact speaks for it. @throws Refusal 400 */
export const requireValid = <T>({ request }: KeyedRequest<T>): T => {
  if (request.kind === 'invalid') throw invalidRequest(request.errors);
  return request.value;
};

/** The original answer, marked as one. */
export const replayed = (original: Reply): Reply => ({
  ...original,
  headers: { ...original.headers, [HEADERS.replayed]: 'true' },
});
