// Owns the worker of the queue `bill-runs`: what a message of it asks for, and what that needs.
// Leaves to issue-account-bill.ts what is issued, to shared/queue-worker.ts the batch and work that must wait.
import { Accounts } from '../shared/accounts.ts';
import { type Breaker, guarded } from '../shared/breaker.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import { decodeBillRun } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';
import { type IssueBillsDeps, issueAccountBill } from './issue-account-bill.ts';

export interface IssueBillsWorkerDeps extends Omit<IssueBillsDeps, 'accounts'>, Omit<QueueWorkerDeps, 'breakers'> {
  readonly views: Pick<ViewReads, 'fact'>;
  readonly breakers: { readonly ledger: Breaker; readonly catalog: Breaker; readonly readings: Breaker };
}

export const createIssueBillsHandler = (deps: IssueBillsWorkerDeps): QueueHandler => {
  const { breakers, telemetry, usage } = deps;
  const ledger = guarded(deps.ledger, breakers.ledger);
  const issuing = {
    ...deps,
    ledger,
    accounts: new Accounts(ledger, deps.views),
    usage: {
      catalog: guarded(usage.catalog, breakers.catalog),
      readings: guarded(usage.readings, breakers.readings),
    },
  };
  return createQueueWorker(
    { ...deps, breakers: Object.values(breakers) },
    {
      policy: WORK['bill-runs'],
      decode: decodeBillRun,
      work: async (message) => {
        const outcome = await issueAccountBill(issuing, message);
        if (outcome === 'issued') telemetry.count(METRICS.billsIssued);
        if (outcome === 'held-back') telemetry.count(METRICS.billsHeldBack);
      },
      describe: ({ accountId }) => ({ accountId }),
    },
  );
};
