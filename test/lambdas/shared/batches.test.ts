// Owns the proof that the rest of a batch is asked for again after pauses that grow, and not for ever.
import { expect, test } from '@jest/globals';
import { untilWhole } from '../../../lambdas/adapters/dynamo/batches.ts';

const paced = () => {
  const pauses: number[] = [];
  return { pauses, pacing: { pause: async (attempt: number) => void pauses.push(attempt) } };
};

test('what is left is asked for again after a pause, and nothing else', async () => {
  const { pauses, pacing } = paced();
  const asked: (readonly string[])[] = [];
  const request = async (parts: readonly string[]) => {
    asked.push(parts);
    return parts.slice(1);
  };
  expect(await untilWhole(['a', 'b', 'c'], request, pacing)).toBe(0);
  expect(asked).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
  expect(pauses).toEqual([1, 2]);
});

test('nothing is asked for nothing; what nobody carries out is given up after five tries', async () => {
  const { pauses, pacing } = paced();
  let requests = 0;
  const refuse = async (parts: readonly string[]) => {
    requests += 1;
    return parts;
  };
  expect(await untilWhole([], refuse, pacing)).toBe(0);
  expect(requests).toBe(0);
  expect(await untilWhole(['a', 'b'], refuse, pacing)).toBe(2);
  expect([requests, pauses]).toEqual([5, [1, 2, 3, 4]]);
});
