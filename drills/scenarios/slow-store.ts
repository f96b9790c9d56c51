// Owns the drill of a brown-out: a store that answers late, and is not worth leaving the Region for.
import { storeSlow } from '../faults/store.ts';
import { MONEY, NOBODY_NOTICES, staysHome, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const DELAY_MS = 300;
const LASTS_MS = 25_000;

export const slowStore: Scenario = {
  name: 'slow-store',
  hypothesis: `The ledger answers ${DELAY_MS} ms later in the Region that payers are led to. They wait that much longer, and that is all: nothing is refused, and DNS leads nobody away.`,
  blastRadius: 'The time of every request of one Region to the ledger.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const slow = storeSlow(stage.home, DELAY_MS);
    await stage.begin(slow);
    await stage.lasts(LASTS_MS);
    await stage.end(slow);
    await stage.steady();
  },
  promises: [...MONEY, ...NOBODY_NOTICES, waitsUnder('dns-kept', 3_000), staysHome],
};
