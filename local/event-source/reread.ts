// Owns reading a stream once more from its oldest record, beside the mapping that follows it: what an operator does after batches
// were given up, as docs/runbooks/projection-failures.md says.
// Leaves to stream-poller.ts how a stream is read, and to the function that what comes twice counts once.
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { checkpointsFile, type StreamPollerOptions, startStreamPoller } from './stream-poller.ts';

const LOOK_MS = 50;
/** A day of a local run is read in seconds. */
const WITHIN_MS = 60_000;

/** Resolves when all that the stream holds has been handed over. @throws Error after a minute */
export const rereadStream = async (options: Omit<StreamPollerOptions, 'faults' | 'checkpointsName'>): Promise<void> => {
  const checkpointsName = `${options.plan.functionName}-reread`;
  rmSync(checkpointsFile(options.dataDir, checkpointsName), { force: true });
  const plan = { ...options.plan, startingPosition: 'TRIM_HORIZON' as const };
  const poller = startStreamPoller({ ...options, plan, checkpointsName });
  try {
    const untilMs = performance.now() + WITHIN_MS;
    while (!poller.caughtUp()) {
      if (performance.now() > untilMs)
        throw new Error(`stream ${plan.streamArn} was not read to its end in ${WITHIN_MS} ms`);
      await pause(LOOK_MS);
    }
  } finally {
    await poller.stop();
  }
};
