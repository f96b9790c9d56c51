// Owns the drill of work that cannot be done: a few messages fail however often they come, and hold up nobody.
import { defectOn, releaseWithDefect, withPatience } from '../faults/release.ts';
import { deadLetters } from '../pair/conditions.ts';
import { allSettled, MONEY, waitsUnder } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

/** One account of twenty-four, so that one message in twenty-four is poison. */
const POISONED = 'us_drill-7';
const VISIBILITY_SECONDS = 10;
const RECEIVES = 3;

const unreadable = releaseWithDefect(
  'settle-payment',
  `return { Records: event.Records.map((record) =>
    record.body.includes('"${POISONED}"') ? { ...record, body: 'not what it was' } : record) };`,
);
const shorter = withPatience('settlements', 'settle-payment', {
  visibilitySeconds: VISIBILITY_SECONDS,
  receives: RECEIVES,
});

export const poisonMessages: Scenario = {
  name: 'poison-messages',
  hypothesis:
    'A release cannot read the messages of one account in twenty-four. Payers notice nothing, everybody else’s payments are settled meanwhile, the poison ends in the dead-letter queue, and is settled once mended and redriven.',
  blastRadius: `What follows the payments of one account. Messages come back after ${VISIBILITY_SECONDS} s and are given up after ${RECEIVES} receives here, 360 s and five as deployed.`,
  abortAfterSilenceMs: 20_000,
  change: (region, resources, assembly) => {
    unreadable(region, resources, assembly);
    shorter(region, resources, assembly);
  },
  play: async (stage) => {
    const defect = defectOn(`messages of ${POISONED} unreadable`);
    await stage.begin(defect);
    const enough = stage.payments.count(POISONED) + 3;
    await stage.until('three payments of that account', () => stage.payments.count(POISONED) >= enough, 30_000);
    await stage.payersLeave();
    await stage.until('everybody else settled', () => stage.payments.areSettled(POISONED), 60_000);
    const poison = await stage.payments.countUnsettled();
    stage.mustBe(poison > 0, `${poison} messages are poison`);
    const givenUpWithinMs = 2 * RECEIVES * VISIBILITY_SECONDS * 1000;
    await stage.until(
      'the poison given up',
      async () => (await deadLetters(stage.baseload, 'settlements')) === poison,
      givenUpWithinMs,
    );
    await stage.end(defect);
    await stage.operate('redrive', 'settlements', '--yes');
    await stage.until(
      'all settled, and no message left',
      async () => (await stage.payments.areSettled()) && (await deadLetters(stage.baseload, 'settlements')) === 0,
      60_000,
    );
  },
  promises: [
    ...MONEY,
    allSettled,
    waitsUnder('dns', 3_000),
    waitsUnder('dns-kept', 3_000),
    waitsUnder('library', 2_000),
  ],
};
