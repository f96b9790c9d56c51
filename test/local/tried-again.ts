// Owns what a payer's client does with a 503: the same request again, same key included, after the second that it is asked to wait.
// Leaves to the proofs every other answer.
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAnswer } from '../../drills/pair/harness.ts';

const TRIES = 20;
const PAUSE_MS = 1_000;

/** The first answer that is not 503, or the last one of twenty. */
export const triedAgain = async (send: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
  for (let tries = 1; ; tries++) {
    const answer = await send();
    if (answer.status !== 503 || tries === TRIES) return answer;
    await pause(PAUSE_MS);
  }
};
