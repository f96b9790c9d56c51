// Owns the drill of a worker that dies at every message it is given.
import { defectOn, releaseWithDefect, withPatience } from '../faults/release.ts';
import { allSettled, MONEY, NOBODY_NOTICES } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const LASTS_MS = 15_000;
const VISIBILITY_SECONDS = 10;
const crashing = releaseWithDefect('settle-payment', 'process.exit(1);');
const shorter = withPatience('settlements', 'settle-payment', { visibilitySeconds: VISIBILITY_SECONDS, receives: 5 });

export const consumerCrashLoop: Scenario = {
  name: 'consumer-crash-loop',
  hypothesis:
    'The worker that settles payments dies at every batch. Payers notice nothing; mended, it settles everything, once, and what was given up meanwhile after being redriven.',
  blastRadius: `Settlement in both Regions. Messages come back after ${VISIBILITY_SECONDS} s here, 360 s as deployed.`,
  abortAfterSilenceMs: 20_000,
  change: (region, resources, assembly) => {
    crashing(region, resources, assembly);
    shorter(region, resources, assembly);
  },
  play: async (stage) => {
    const crash = defectOn('settle-payment dies at every batch');
    await stage.begin(crash);
    await stage.lasts(LASTS_MS);
    await stage.end(crash);
    await stage.payersLeave();
    await stage.operate('redrive', 'settlements', '--yes');
    await stage.until('all settled', () => stage.payments.areSettled(), 120_000);
  },
  promises: [...MONEY, allSettled, ...NOBODY_NOTICES],
};
