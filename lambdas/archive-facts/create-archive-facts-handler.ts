// Owns the worker of the queue `archive`: each message is a verified seal whose facts become one object.
// Leaves to archive-seal.ts what is done for it, to shared/queue-worker.ts the batch and work that must wait.
import { type Breaker, guarded } from '../shared/breaker.ts';
import { decodeArchive } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';
import { type ArchiveDeps, archiveSeal } from './archive-seal.ts';

export interface ArchiveFactsDeps extends ArchiveDeps, Omit<QueueWorkerDeps, 'breakers'> {
  readonly breakers: { readonly ledger: Breaker; readonly archive: Breaker };
}

export const createArchiveFactsHandler = (deps: ArchiveFactsDeps): QueueHandler => {
  const { breakers, telemetry } = deps;
  const archiving = {
    views: deps.views,
    seals: guarded(deps.seals, breakers.ledger),
    ledger: guarded(deps.ledger, breakers.ledger),
    archive: guarded(deps.archive, breakers.archive),
  };
  return createQueueWorker(
    { ...deps, breakers: [breakers.ledger, breakers.archive] },
    {
      policy: WORK.archive,
      decode: decodeArchive,
      work: async (message) => {
        const result = await archiveSeal(archiving, message);
        if (result === 'stored') telemetry.count(METRICS.sealsArchived);
        if (result === 'differs') {
          // No retry changes what lies there: it is for whoever the alarm tells.
          telemetry.count(METRICS.archiveDifferences);
          telemetry.error('the archive differs from the ledger', { reason: nameOf(message) });
        }
      },
      describe: (message) => ({ reason: nameOf(message) }),
    },
  );
};

const nameOf = ({ bucket, ordinal }: { readonly bucket: number; readonly ordinal: number }): string =>
  `seal ${ordinal} of bucket ${bucket}`;
