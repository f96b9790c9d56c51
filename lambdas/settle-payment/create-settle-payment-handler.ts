// Owns the worker of the queue `settlements`: what a message of it asks for, and what that needs.
// Leaves to settle-payment.ts what is done for a payment, to shared/queue-worker.ts the batch and work that must wait.
import { type Breaker, guarded } from '../shared/breaker.ts';
import { decodeSettlement } from '../shared/messages.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';
import { type SettleDeps, settlePayment } from './settle-payment.ts';

export interface SettlePaymentDeps extends SettleDeps, Omit<QueueWorkerDeps, 'breakers'> {
  readonly breakers: { readonly ledger: Breaker; readonly processor: Breaker };
}

export const createSettlePaymentHandler = (deps: SettlePaymentDeps): QueueHandler => {
  const { breakers } = deps;
  const settling = {
    ...deps,
    ledger: guarded(deps.ledger, breakers.ledger),
    processor: guarded(deps.processor, breakers.processor),
  };
  return createQueueWorker(
    { ...deps, breakers: [breakers.ledger, breakers.processor] },
    {
      policy: WORK.settlements,
      decode: decodeSettlement,
      // Also done with when the processor does not know yet: copies that wait would multiply with every sweep, which asks again.
      work: async (message) => void (await settlePayment(settling, message)),
      describe: ({ accountId, stream }) => ({ accountId, factKey: stream }),
    },
  );
};
