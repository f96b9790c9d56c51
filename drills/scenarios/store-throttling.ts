// Owns the drill of a store that refuses everything in one Region, although nothing there is lost.
import { storeThrottled } from '../faults/store.ts';
import { MONEY, staysHome, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const LASTS_MS = 15_000;
/** A payer's own pause, and an answer that takes its five seconds, on top. */
const DNS_WAITS_MS = 24_000;

export const storeThrottling: Scenario = {
  name: 'store-throttling',
  hypothesis: `For ${LASTS_MS / 1000} s the ledger refuses every request of the Region that payers are led to, as DynamoDB throttles. Its payers are told to try again, and nothing is accepted by halves; DNS leads nobody away, since the limit is that of both Regions and moving everybody would make it worse. The client asks the other Region by itself.`,
  blastRadius:
    'Every request of one Region to the ledger: payments, strong reads, heartbeats, settlements. Views and lookups stay.',
  abortAfterSilenceMs: 30_000,
  play: async (stage) => {
    const throttled = storeThrottled(stage.home);
    await stage.begin(throttled);
    await stage.lasts(LASTS_MS);
    await stage.end(throttled);
    await stage.steady();
  },
  promises: [...MONEY, waitsUnder('dns', DNS_WAITS_MS), waitsUnder('library', 2_000), staysHome],
};
