// Owns the restart of a Region in a drill: its process is ended, stays down for a while, and is healthy again.
// Leaves to the scenarios what payers may notice of it.
import { regionKilled } from './faults/region.ts';
import { isHealthy } from './pair/conditions.ts';
import type { Stage } from './stage.ts';

const DOWN_MS = 3_000;

export const restart = async (stage: Stage, region: string): Promise<void> => {
  const killed = regionKilled(region);
  await stage.begin(killed);
  await stage.lasts(DOWN_MS);
  await stage.end(killed);
  await stage.until(`${region} is healthy again`, () => isHealthy(stage.baseload, region), 60_000);
};
