// Owns the proof that a run is the same whenever it is run, that every promise holds on a fixed set of seeds with every kind of fault, and
// that the simulation sees what breaks.
// Leaves fresh seeds to `npm run simulate`, all planted bugs to `npm run simulate -- --mutants`.
import { describe, expect, test } from '@jest/globals';
import { makePlan } from '../../simulation/plan/make-plan.ts';
import { runPlan } from '../../simulation/run-plan.ts';
import { ended } from '../processes/ended.ts';
import type { FixedSeeds } from './fixed-seeds.ts';

/** Some twelve seconds of one core; a machine that does other things beside it needs more. */
const PATIENCE_MS = 180_000;

describe('a run', () => {
  test(
    'goes the same way for the same seed, line by line, and another way for another',
    async () => {
      const [first, again, other] = [
        await runPlan(makePlan(7)),
        await runPlan(makePlan(7)),
        await runPlan(makePlan(8)),
      ];
      expect(again.trace).toEqual(first.trace);
      expect(again.digest).toBe(first.digest);
      expect(other.digest).not.toBe(first.digest);
    },
    PATIENCE_MS,
  );

  test('leaves the clock, the timers and the chance of the process as they were', async () => {
    const before = [Date.now, Math.random, setTimeout, clearTimeout];
    await runPlan({ ...makePlan(9), steps: [] });
    expect([Date.now, Math.random, setTimeout, clearTimeout]).toEqual(before);
  });
});

test(
  'every promise holds on a fixed set of seeds, and every kind of fault takes effect in them',
  async () => {
    const held: FixedSeeds = { seeds: 20, broken: [], neverInjected: [] };
    const { code, stdout, stderr } = await ended('test/simulation/fixed-seeds.ts', []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(held);
  },
  PATIENCE_MS,
);
