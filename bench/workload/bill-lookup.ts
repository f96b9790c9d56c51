// Owns the lookup of a bill as a payer's portal makes it, and of a page of the statement.
// Leaves to the lookup function what is read for them.
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { apiEvent } from './api-event.ts';
import { type ApiAnswer, expectStatus, type Handler } from './bundled-handler.ts';
import { billPeriod } from './history.ts';

/** Of the bill `n` of an account's history. */
export const billOf = (n: number): string => `bill_${billPeriod(n)}_r1`;

/** Its event is made before it is begun. */
export const lookUpBill = (
  handler: Handler,
  { accountId, billId, etag }: { readonly accountId: AccountId; readonly billId: string; readonly etag?: string },
): (() => Promise<ApiAnswer>) => {
  const routeKey = 'GET /v1/accounts/{accountId}/bills/{billId}';
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  const event = apiEvent({ routeKey, accountId, pathParameters: { billId }, headers });
  return async () => expectStatus(await handler(event), etag === undefined ? 200 : 304);
};

export const lookUpStatement = (handler: Handler, accountId: AccountId): (() => Promise<ApiAnswer>) => {
  const routeKey = 'GET /v1/accounts/{accountId}/statement';
  const event = apiEvent({ routeKey, accountId });
  return async () => expectStatus(await handler(event), 200);
};
