// Owns the drill of maintenance: one Region after the other is evacuated, restarted and readmitted.
import { MONEY, NOBODY_NOTICES } from '../promises.ts';
import { restart } from '../restart.ts';
import type { Scenario } from '../scenario.ts';

/** Twice the time to live: whoever was told the old answer at the last moment has asked again, and is answered. */
const DRAINS_MS = 10_000;

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
