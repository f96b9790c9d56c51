// Owns the drill of the day on which no Region can take payments: none is accepted that could be lost, somebody is woken, and it heals.
import { regionCutOff } from '../faults/region.ts';
import { MONEY } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

/** Most of each minute is skipped by the run's clock. */
const MOST_MINUTES = 8;
const UNDER_WAY_MS = 6_000;

export const bothRegionsDegraded: Scenario = {
  name: 'both-regions-degraded',
  hypothesis:
    'Both Regions are cut from the quorum. No payment is accepted; the page for payers refused rings; once healed, everybody who went on trying is paid once.',
  blastRadius: 'Every payment. Lookups go on in both Regions, each as of the cut.',
  abortAfterSilenceMs: 240_000,
  play: async (stage) => {
    const cuts = [stage.home, stage.away].map(regionCutOff);
    for (const cut of cuts) await stage.begin(cut);
    // What was under way at the cut may have been committed before it.
    await stage.lasts(UNDER_WAY_MS);
    const before = stage.payments.count();
    await stage.rings('ledger-refusals', stage.home, MOST_MINUTES);
    stage.mustBe(stage.payments.count() === before, 'no payment was accepted meanwhile');
    for (const cut of cuts) await stage.end(cut);
    await stage.steady();
  },
  promises: [
    ...MONEY,
    {
      says: 'The P0 alarm ledger-refusals rings within 5 min by the run’s clock',
      keeps: ({ alarms }) => {
        const rang = alarms.find(({ slug }) => slug === 'ledger-refusals');
        const afterMs = rang?.afterMs ?? Number.POSITIVE_INFINITY;
        return {
          kept: afterMs < 300_000,
          measured: rang === undefined ? 'never' : `after ${Math.round(afterMs / 1000)} s`,
        };
      },
    },
  ],
};
