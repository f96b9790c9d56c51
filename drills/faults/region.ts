// Owns the faults that hit a Region as a whole.
import type { Fault } from './fault.ts';

/** SIGKILL of its process group; it ends with the Region serving again. */
export const regionKilled = (region: string): Fault => ({
  what: `${region} killed`,
  begin: (baseload) => baseload.tell(region, 'kill'),
  end: (baseload) => baseload.tell(region, 'start'),
});

/** Cut from the quorum and from the other Region, while payers still reach it. */
export const regionCutOff = (region: string): Fault => ({
  what: `${region} cut off`,
  begin: (baseload) => baseload.tell(region, 'isolate'),
  end: (baseload) => baseload.tell(region, 'rejoin'),
});
