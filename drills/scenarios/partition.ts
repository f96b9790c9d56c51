// Owns the drill of promise 1 with payers on the wrong side of a cut: their Region is reached, and reaches nobody.
import { regionCutOff } from '../faults/region.ts';
import { MONEY, rpoZero, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

export const partition: Scenario = {
  name: 'partition',
  hypothesis:
    'The Region that payers are led to is cut from the quorum while they still reach it. It refuses payments rather than accept what could be lost, says so at /health, and payers who ask DNS again are led to the other one.',
  blastRadius:
    'Writes and strong reads of one Region. Its lookups go on, as of the cut. Programs that never ask DNS again while a connection is good stay until the cut is healed.',
  abortAfterSilenceMs: 45_000,
  // It turns four seconds after its last success.
  healthFailsAfterMs: 4_000,
  play: async (stage) => {
    const cut = regionCutOff(stage.home);
    await stage.begin(cut);
    await stage.until(
      'payers who ask DNS are served by the other Region',
      () => stage.served(['dns', 'library']),
      60_000,
    );
    await stage.countRpo(stage.away);
    await stage.end(cut);
    await stage.steady();
  },
  promises: [...MONEY, rpoZero, waitsUnder('dns', 30_000), waitsUnder('library', 2_000)],
};
