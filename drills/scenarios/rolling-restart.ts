// Owns the drill of maintenance: one Region after the other is evacuated, restarted and readmitted.
import { regionKilled } from '../faults/region.ts';
import { isHealthy } from '../pair/conditions.ts';
import { MONEY, NOBODY_NOTICES } from '../promises.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const DOWN_MS = 3_000;
/** Twice the time to live: whoever was told the old answer at the last moment has asked again, and is answered. */
const DRAINS_MS = 10_000;

const restart = async (stage: Stage, region: string): Promise<void> => {
  const killed = regionKilled(region);
  await stage.begin(killed);
  await stage.lasts(DOWN_MS);
  await stage.end(killed);
  await stage.until(`${region} is healthy again`, () => isHealthy(stage.baseload, region), 60_000);
};

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  hypothesis:
    'Each Region is restarted, the one that payers are led to after it was evacuated. Payers who follow DNS, or use the client, notice nothing at all.',
  blastRadius: 'One Region at a time. Programs that keep a connection lose it once.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    await restart(stage, stage.away);
    await stage.operate('evacuate', stage.home, '--yes');
    await stage.lasts(DRAINS_MS);
    await restart(stage, stage.home);
    await stage.operate('readmit', stage.home, '--yes');
    await stage.steady();
  },
  promises: [...MONEY, ...NOBODY_NOTICES],
};
