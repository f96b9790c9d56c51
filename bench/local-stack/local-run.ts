// Owns a run of `npm start` under measurement: both Regions, started as drills start them, ended whatever becomes of the measurement.
// Leaves to drills/pair how a run is spoken to, to local/ all that runs.
import { Harness } from '../../drills/pair/harness.ts';

/** @throws Error with what it wrote when it is not ready in time */
export const onLocalRun = async <T>(work: (baseload: Harness) => Promise<T>): Promise<T> => {
  const baseload = await Harness.start();
  const kill = (): void => void process.kill(baseload.run.pid, 'SIGTERM');
  process.once('exit', kill);
  try {
    return await work(baseload);
  } finally {
    process.off('exit', kill);
    await baseload.stop();
  }
};
