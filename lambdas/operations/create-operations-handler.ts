// Owns which of the operators' routes is served by what.
// Leaves to a file per route what it does.
import { type ApiHandler, createApi } from '../shared/http/router.ts';
import { adjustAccount } from './adjust-account.ts';
import { issueBill } from './issue-bill.ts';
import { openAccount } from './open-account.ts';
import type { OperationsDeps } from './operations-deps.ts';
import { putContact } from './put-contact.ts';
import { rebill } from './rebill.ts';
import { refundPayment } from './refund-payment.ts';
import { reverseFact } from './reverse-fact.ts';

export const createOperationsHandler = (deps: OperationsDeps): ApiHandler =>
  createApi<'operations'>({
    ...deps,
    routes: {
      'POST /v1/accounts': (event) => openAccount(deps, event),
      'PUT /v1/accounts/{accountId}/contact': (event) => putContact(deps, event),
      'POST /v1/accounts/{accountId}/bills': (event) => issueBill(deps, event),
      'POST /v1/accounts/{accountId}/bills/{billId}/rebills': (event) => rebill(deps, event),
      'POST /v1/accounts/{accountId}/payments/{paymentId}/refunds': (event) => refundPayment(deps, event),
      'POST /v1/accounts/{accountId}/adjustments': (event) => adjustAccount(deps, event),
      'POST /v1/accounts/{accountId}/reversals': (event) => reverseFact(deps, event),
    },
  });
