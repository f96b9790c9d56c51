// Owns the drill of far more work than there is: messages that point to what is done already, ahead of the real ones.
import { sendToQueue } from '../faults/queue.ts';
import { isWorkedOff } from '../pair/conditions.ts';
import { allSettled, MONEY, NOBODY_NOTICES } from '../promises.ts';
import type { Scenario } from '../scenario.ts';

const MESSAGES = 1_500;
const DRAINED_WITHIN_MS = 150_000;

export const queueFlood: Scenario = {
  name: 'queue-flood',
  hypothesis: `${MESSAGES} messages about payments that are made already come to the queue of settlements at once. Payers notice nothing, nobody is charged again, and the queue is worked off.`,
  blastRadius: 'Settlement in one Region: what was to be settled there waits its turn.',
  abortAfterSilenceMs: 20_000,
  play: async (stage) => {
    const targets = stage.payments.messages();
    const flood = {
      what: `${MESSAGES} messages too many`,
      begin: () =>
        sendToQueue(
          stage.baseload,
          stage.home,
          'settlements',
          Array.from({ length: MESSAGES }, (_, n) => targets[n % targets.length] ?? {}),
        ),
      end: () =>
        stage.until('the queue is worked off', () => isWorkedOff(stage.baseload, 'settlements'), DRAINED_WITHIN_MS),
    };
    await stage.begin(flood);
    await stage.lasts(15_000);
    await stage.payersLeave();
    await stage.end(flood);
    await stage.until('all settled', () => stage.payments.areSettled(), 60_000);
  },
  promises: [...MONEY, allSettled, ...NOBODY_NOTICES],
};
