// Owns the drill of a payment processor that is away: what payers are told does not depend on it.
import { processorAway } from '../faults/processor.ts';
import { allSettled, MONEY, NOBODY_NOTICES } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const LASTS_MS = 25_000;
/** A copy of postponed work waits two minutes at most, and half a minute may go by until it is done. */
const SETTLED_WITHIN_MS = 180_000;

export const processorOutage: Scenario = {
  name: 'processor-outage',
  hypothesis:
    'The payment processor is away. Payments are accepted as ever, their settlement waits, and once it is back every one is charged, once.',
  blastRadius: 'Settlement in both Regions. No payer.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    await stage.begin(processorAway);
    await stage.lasts(LASTS_MS);
    await stage.end(processorAway);
    await stage.payersLeave();
    await stage.until('all settled', () => stage.payments.areSettled(), SETTLED_WITHIN_MS);
  },
  promises: [...MONEY, allSettled, ...NOBODY_NOTICES],
};
