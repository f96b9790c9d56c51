// Owns what becomes of the part of a batch that DynamoDB did not carry out: it is asked for again, after a pause, a few times.
// Leaves to the callers the batch, and what is said of a rest that remains.
import { fullJitter, type Pacing } from '../../shared/pacing.ts';
import { RETRIES } from '../../shared/policies.ts';

const PACING = fullJitter(RETRIES.batchRest);

/** `request` carries out what it is given and resolves with what is left of it. How many are left after `RETRIES.batchRest.tries` of them. */
export const untilWhole = async <Part>(
  parts: readonly Part[],
  request: (parts: readonly Part[]) => Promise<readonly Part[]>,
  pacing: Pacing = PACING,
): Promise<number> => {
  let left = parts;
  for (let attempt = 1; left.length > 0; attempt++) {
    left = await request(left);
    if (left.length === 0 || attempt === RETRIES.batchRest.tries) break;
    await pacing.pause(attempt);
  }
  return left.length;
};
