// Owns Baseload's own contender: the payments function as it is deployed, given the event of a payer's call.
// Leaves to the function all that it does for it: access, limit, validation, fingerprint, fact, answer, log, metrics.
import { apiEvent } from '../workload/api-event.ts';
import { expectStatus, openHandler } from '../workload/bundled-handler.ts';
import { paymentBody } from '../workload/history.ts';
import { accountOf, amountOf, type Recipe } from './recipe.ts';

const ROUTE = 'POST /v1/accounts/{accountId}/payments';

export const baseload: Recipe = {
  name: 'Baseload, the payments function',
  open: (endpoint) => {
    const handler = openHandler('payments', endpoint);
    return (n) => {
      const headers = { 'idempotency-key': `bench-${n}` };
      const body = paymentBody(amountOf(n));
      const event = apiEvent({ routeKey: ROUTE, accountId: accountOf(n), headers, body });
      return async () => expectStatus(await handler(event), 201);
    };
  },
};
