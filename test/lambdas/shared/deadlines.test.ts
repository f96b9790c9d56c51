// Owns the proof that a deadline ends a call, whatever the call does with its signal.
import { expect, test } from '@jest/globals';
import { within, withSignal } from '../../../lambdas/adapters/deadlines.ts';

const never = () => new Promise<never>(() => {});
const exceeded = { name: 'DeadlineExceeded', message: 'no answer within 5 ms' };

test('work that does not watch its signal ends at the deadline', async () => {
  await expect(within(5, never)).rejects.toMatchObject(exceeded);
});

test('work that does is told of it, and its own words count', async () => {
  const untilTold = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('two of three tried'))));
  await expect(withSignal(5, untilTold)).rejects.toThrow('two of three tried');
});

test('an answer before the deadline is the answer, and so is a failure', async () => {
  expect(await within(60_000, async () => 'answer')).toBe('answer');
  await expect(within(60_000, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
