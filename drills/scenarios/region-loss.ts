// Owns the drill of promises 1 and 2: the Region that payers are led to is gone between two packets, and comes back.
import { regionKilled } from '../faults/region.ts';
import { MONEY, rpoZero, SECONDS_ONLY } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

export const regionLoss: Scenario = {
  name: 'region-loss',
  hypothesis:
    'The Region that payers are led to dies under load. Nothing acknowledged is lost; payers are served by the other one within seconds, without anybody’s help; its return costs nobody anything.',
  blastRadius:
    'Everything in one Region: API, functions, queues, views, its replica of the ledger. The other Region, the witness, DNS and the processor stay.',
  abortAfterSilenceMs: 45_000,
  play: async (stage) => {
    const killed = regionKilled(stage.home);
    await stage.begin(killed);
    await stage.until('payers served by the other Region', () => stage.served(), 60_000);
    await stage.countRpo(stage.away);
    await stage.end(killed);
    await stage.steady();
  },
  promises: [...MONEY, rpoZero, ...SECONDS_ONLY],
};
