// Owns a wrong clock: that of the hosts on which a Region's functions run.
import { order } from '../pair/own-run.ts';
import type { Fault } from './fault.ts';

/** Clocks of a run only go ahead: new hosts, which is the Region started anew, set it right. */
export const clockAhead = (region: string, aheadMs: number): Fault => ({
  what: `functions' clock ${aheadMs / 1000} s ahead in ${region}`,
  begin: async (baseload) => void (await order(baseload, `/api/regions/${region}/skew`, { aheadMs })),
  end: async (baseload) => {
    await baseload.tell(region, 'kill');
    await baseload.tell(region, 'start');
  },
});
