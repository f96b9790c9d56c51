// Owns the worker of the queue `settlements`: what a message of it asks for, and what that needs.
// Leaves to settle-payment.ts what is done for a payment, to shared/queue-worker.ts the batch and work that must wait.
import type { Processor } from '../ports/processor.ts';
import { Accounts } from '../shared/accounts.ts';
import { type Breaker, guarded } from '../shared/breaker.ts';
import type { ViewReads } from '../shared/guarded-views.ts';
import { decodeSettlement } from '../shared/messages.ts';
import { openedOnce } from '../shared/opened-once.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';
import { type SettleDeps, settlePayment } from './settle-payment.ts';

export interface SettlePaymentDeps
  extends Omit<SettleDeps, 'accounts' | 'processor'>,
    Omit<QueueWorkerDeps, 'breakers'> {
  readonly views: Pick<ViewReads, 'fact'>;
  /** With its key, which may not be there to be read: asked once a worker. */
  readonly openProcessor: () => Promise<Processor>;
  readonly breakers: { readonly ledger: Breaker; readonly processor: Breaker; readonly secrets: Breaker };
}

export const createSettlePaymentHandler = (deps: SettlePaymentDeps): QueueHandler => {
  const { breakers } = deps;
  const ledger = guarded(deps.ledger, breakers.ledger);
  const accounts = new Accounts(ledger, deps.views);
  const opened = openedOnce(async () => guarded(await deps.openProcessor(), breakers.processor), {
    breaker: breakers.secrets,
    telemetry: deps.telemetry,
  });
  return createQueueWorker(
    { ...deps, breakers: Object.values(breakers) },
    {
      policy: WORK.settlements,
      decode: decodeSettlement,
      // Also done with when the processor does not know yet: copies that wait would multiply with every sweep, which asks again.
      work: async (message) => {
        await settlePayment({ ...deps, ledger, accounts, processor: await opened() }, message);
      },
      comesAgain: ({ isSwept = false }) => isSwept,
      describe: ({ accountId, stream }) => ({ accountId, factKey: stream }),
    },
  );
};
