// Owns the drill of a Region that comes back after its peer has long gone on without it.
import { regionKilled } from '../faults/region.ts';
import { isHealthy } from '../pair/conditions.ts';
import { MONEY, noRefusalSinceHealed } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const AWAY_MS = 60_000;

export const regionReturn: Scenario = {
  name: 'region-return',
  hypothesis:
    'A Region that nobody is led to was gone for a minute of payments. It comes back by itself, catches up before it serves, shows the same balances, and its return costs no payer anything.',
  blastRadius: 'Everything in the Region that payers are not led to.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const killed = regionKilled(stage.away);
    await stage.begin(killed);
    await stage.lasts(AWAY_MS);
    await stage.end(killed);
    await stage.until('it is healthy again', () => isHealthy(stage.baseload, stage.away), 60_000);
    await stage.steady();
  },
  promises: [...MONEY, noRefusalSinceHealed],
};
