// Owns the worker of the queue `intake`: each message is a part of a batch, stored, then noted as stored.
// Leaves to shared/queue-worker.ts the batch and work that must wait, to the port that storing twice changes nothing.
import { decodeIntake } from '../domain/readings/intake.ts';
import type { Batches, Readings } from '../ports/readings.ts';
import { type Breaker, guarded } from '../shared/breaker.ts';
import { METRICS } from '../shared/metric-names.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';

export interface StoreReadingsDeps extends Omit<QueueWorkerDeps, 'breakers'> {
  readonly readings: Pick<Readings, 'store'> & Pick<Batches, 'partStored'>;
  readonly breaker: Breaker;
}

export const createStoreReadingsHandler = (deps: StoreReadingsDeps): QueueHandler => {
  const { breaker, telemetry } = deps;
  const readings = guarded(deps.readings, breaker);
  return createQueueWorker(
    { ...deps, breakers: [breaker] },
    {
      policy: WORK.intake,
      decode: decodeIntake,
      work: async ({ batchId, part, days }) => {
        await readings.store(days);
        await readings.partStored(batchId, part);
        telemetry.count(METRICS.meterDaysStored, days.length);
      },
      describe: ({ days }) => ({ count: days.length }),
    },
  );
};
