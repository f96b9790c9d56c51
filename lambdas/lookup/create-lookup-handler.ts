// Owns which lookup is served by what.
// Leaves to a file per route what it reads.
import { limited } from '../shared/http/limited-route.ts';
import type { ApiHandler } from '../shared/http/router.ts';
import { createApi } from '../shared/http/router.ts';
import { accountRoute } from './account-route.ts';
import { getAccount } from './get-account.ts';
import { getBalance } from './get-balance.ts';
import { getBill } from './get-bill.ts';
import { getPayment } from './get-payment.ts';
import { getStatement } from './get-statement.ts';
import { KeptReads } from './kept-reads.ts';
import { listBills } from './list-bills.ts';
import type { LookupDeps } from './lookup-deps.ts';
import { getDocument } from './openapi/get-document.ts';
import { previewBill } from './preview-bill.ts';

export const createLookupHandler = (deps: LookupDeps): ApiHandler => {
  const worker = { ...deps, kept: new KeptReads(deps.clock) };
  return createApi<'lookup'>({
    ...deps,
    routes: {
      'GET /v1/accounts/{accountId}': limited(deps, accountRoute(worker, getAccount)),
      'GET /v1/accounts/{accountId}/balance': limited(deps, accountRoute(worker, getBalance)),
      'GET /v1/accounts/{accountId}/statement': limited(deps, accountRoute(worker, getStatement)),
      'GET /v1/accounts/{accountId}/bills': limited(deps, accountRoute(worker, listBills)),
      'GET /v1/accounts/{accountId}/bills/preview': limited(deps, previewBill(deps)),
      'GET /v1/accounts/{accountId}/bills/{billId}': limited(deps, accountRoute(worker, getBill)),
      'GET /v1/accounts/{accountId}/payments/{paymentId}': limited(deps, accountRoute(worker, getPayment)),
      'GET /openapi.json': getDocument,
    },
  });
};
