// Owns the limit of requests an account before a route: who is over it is told when to come again, everybody what is left.
// Leaves to account-limit.ts the count. Only requests that may touch the account count: nobody uses up another's budget.
import type { AccountId } from '../../domain/ids.ts';
import type { AccountLimit } from '../account-limit.ts';
import { requireAccountAccess } from './access.ts';
import type { ApiEvent } from './event.ts';
import { Refusal } from './problem.ts';
import { HEADERS, type Reply } from './reply.ts';
import type { Route } from './router.ts';

interface Limited {
  readonly jurisdiction: string;
  readonly limit: AccountLimit;
}

/** A route that only who may touch the account in its path comes to. */
export type LimitedRoute = (event: ApiEvent, accountId: AccountId) => Promise<Reply>;

/** @throws Refusal as requireAccountAccess does. @throws Refusal 429 `too-many-requests` before the route runs: nothing has been read or written */
export const limited =
  ({ jurisdiction, limit }: Limited, route: LimitedRoute): Route =>
  async (event) => {
    const accountId = requireAccountAccess(event, jurisdiction);
    const admission = await limit.admit(accountId);
    if (admission.kind === 'refused') {
      const detail = 'Try again when the time in Retry-After has passed, a payment with the same Idempotency-Key';
      throw new Refusal('too-many-requests', detail, undefined, admission.retryAfterSeconds);
    }
    const reply = await route(event, accountId);
    if (admission.remaining === undefined) return reply;
    return { ...reply, headers: { ...reply.headers, [HEADERS.remaining]: String(admission.remaining) } };
  };
