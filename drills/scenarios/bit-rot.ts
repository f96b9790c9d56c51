// Owns the drill of stored money that is no longer what was stored: found by checksums, mended from a copy, told.
import { functionName } from '../../lambdas/shared/names.ts';
import { rot } from '../faults/bit-rot.ts';
import { allSettled, MONEY, neverRefused, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** Of the ledger; as many others of a view. */
const FACTS = 5;
const MENDED_WITHIN_MS = 150_000;
const SETTLED_AFTER_MS = 15_000;

/** As the schedule does every minute, until the operator's own check finds every copy of every fact whole. */
const isWhole = async (stage: Stage): Promise<boolean> => {
  const { jurisdiction } = await stage.baseload.wiring();
  await stage.runSchedule(functionName(jurisdiction, 'scrub'));
  return stage.operate('verify').then(
    () => true,
    () => false,
  );
};

export const bitRot: Scenario = {
  name: 'bit-rot',
  hypothesis: `${FACTS} facts of the ledger and ${FACTS} of a view are damaged while payers pay. Scrubbers put each right from its copies; no payer notices, and an alarm says that it happened.`,
  blastRadius:
    'The damaged facts. Whoever reads one meanwhile gets it from the other copy, or an error, never a wrong amount.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    // By then the first of them are settled: nothing but checks reads them any more.
    await stage.lasts(SETTLED_AFTER_MS);
    const facts = stage.payments.facts();
    const damage = {
      what: `${2 * FACTS} facts damaged`,
      begin: async () => {
        await rot(stage.baseload, stage.home, 'ledger', facts.slice(0, FACTS));
        await rot(stage.baseload, stage.away, 'views', facts.slice(FACTS, 2 * FACTS));
      },
      end: () => stage.until('every copy of every fact is whole', () => isWhole(stage), MENDED_WITHIN_MS),
    };
    await stage.begin(damage);
    await stage.end(damage);
    await stage.payersLeave();
    await stage.until('all settled', () => stage.payments.areSettled(), 120_000);
    await stage.rings('facts-repaired', stage.home, 4);
  },
  promises: [...MONEY, allSettled, neverRefused('dns'), neverRefused('library'), waitsUnder('library', 2_000)],
};
