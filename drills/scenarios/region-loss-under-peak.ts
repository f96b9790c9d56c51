// Owns the drill of a Region lost in the busiest hour, and of who is woken.
import { regionKilled } from '../faults/region.ts';
import { MONEY, rpoZero, SECONDS_ONLY } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

/** Twice what other drills have: three kinds of payers of this fill the cores of a small machine. */
const PAYMENTS_PER_SECOND = 4;
const MOST_MINUTES = 6;

export const regionLossUnderPeak: Scenario = {
  name: 'region-loss-under-peak',
  hypothesis:
    'The Region that payers are led to dies at twice the load. The other one takes all of it, and the backlog; one page says which Region is lost.',
  blastRadius: 'Everything in one Region, and the room that the other one has.',
  paymentsPerSecond: PAYMENTS_PER_SECOND,
  abortAfterSilenceMs: 45_000,
  play: async (stage) => {
    const killed = regionKilled(stage.home);
    await stage.begin(killed);
    await stage.until('payers served by the other Region', () => stage.served(), 90_000);
    await stage.countRpo(stage.away);
    await stage.payersLeave();
    await stage.rings('peer-unhealthy', stage.away, MOST_MINUTES);
    await stage.end(killed);
  },
  promises: [...MONEY, rpoZero, ...SECONDS_ONLY],
};
