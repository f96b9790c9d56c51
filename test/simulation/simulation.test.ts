// Owns the proof that a run is the same whenever it is run, that every promise holds on a fixed set of seeds with every kind of fault, and
// that the simulation sees what breaks.
// Leaves fresh seeds to `npm run simulate`, all planted bugs to `npm run simulate -- --mutants`.
import { describe, expect, test } from '@jest/globals';
import type { FaultKind } from '../../simulation/faults/fault-kinds.ts';
import { ALL_FAULTS } from '../../simulation/faults/fault-kinds.ts';
import { makePlan } from '../../simulation/plan/make-plan.ts';
import type { FaultStep } from '../../simulation/plan/plan.ts';
import { type RunResult, runPlan } from '../../simulation/run-plan.ts';

/** Some twelve seconds of one core; a machine that does other things beside it needs more. */
const PATIENCE_MS = 180_000;

const told = ({ plan, violations }: RunResult) =>
  violations.map(({ invariant, detail }) => `seed ${plan.seed}, ${invariant}: ${detail}`);

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

/** Each kind of fault is in some of them, besides those that chance gives the seed; the first is of accounts whose copies are late. */
const SEEDS: readonly (readonly FaultKind[])[] = Array.from({ length: 10 }, (_, place) => [
  ...ALL_FAULTS.filter((_kind, index) => index % 10 === place),
  'refunds-refused',
]);
const LATE_COPIES: FaultStep = { step: 'fault', kind: 'late-copies', atMs: 0, forMs: 60_000, rate: 1 };

test(
  `every promise holds on ${SEEDS.length} seeds, and every kind of fault takes effect in them`,
  async () => {
    const injected = new Set<FaultKind>();
    const broken: string[] = [];
    for (const [index, always] of SEEDS.entries()) {
      const plan = makePlan(100 + index, always);
      const result = await runPlan(index === 0 ? { ...plan, steps: [LATE_COPIES, ...plan.steps] } : plan);
      broken.push(...told(result));
      for (const kind of result.injected.keys()) injected.add(kind);
    }
    expect(broken).toEqual([]);
    expect(ALL_FAULTS.filter((kind) => !injected.has(kind))).toEqual([]);
  },
  PATIENCE_MS,
);
