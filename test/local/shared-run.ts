// Owns the one pair of Regions that the proofs share: started once before them, ended after, healthy between them.
// Leaves to harness.ts how a run is spoken to.
import { Harness, type StartedRun } from '../../drills/pair/harness.ts';

const READY = 'BASELOAD_TEST_RUN';
let run: StartedRun | undefined;

export const announce = (started: StartedRun): void => {
  run = started;
  process.env[READY] = JSON.stringify({ ready: started.ready, pid: started.pid });
};

export const endRun = async (): Promise<void> => {
  await run?.stop();
};

/** The run that global-setup.ts started. Its end is not a test's to decide. */
export const sharedRun = (): Harness => {
  const announced = process.env[READY];
  if (announced === undefined)
    throw new Error('no run: the proofs in test/local need the project `local`, as npm test runs it');
  const { ready, pid } = JSON.parse(announced) as Pick<StartedRun, 'ready' | 'pid'>;
  return new Harness({ ready, pid, logs: () => '', stop: () => Promise.reject(new Error('the run is shared')) });
};
