// Owns the smallest plan that still breaks the same invariant: steps are left out, half of them at first and one by one at last.
// Leaves to run-plan.ts what a plan does.
import type { Invariant } from './audit/invariants.ts';
import type { Plan } from './plan/plan.ts';
import { type RunResult, runPlan } from './run-plan.ts';

/** Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), complements only. */
export const shrink = async (failed: RunResult, maxRuns: number): Promise<RunResult> => {
  const invariant = failed.violations[0]?.invariant;
  let smallest = failed;
  let runs = 0;
  for (let parts = 2; parts <= smallest.plan.steps.length && runs < maxRuns; ) {
    const size = Math.ceil(smallest.plan.steps.length / parts);
    let smaller: RunResult | undefined;
    for (let from = 0; from < smallest.plan.steps.length && smaller === undefined && runs < maxRuns; from += size) {
      runs += 1;
      smaller = await ifBroken(without(smallest.plan, from, size), invariant);
    }
    if (smaller !== undefined) smallest = smaller;
    else if (size === 1) break;
    parts = smaller === undefined ? Math.min(parts * 2, smallest.plan.steps.length) : Math.max(parts - 1, 2);
  }
  return smallest;
};

const without = (plan: Plan, from: number, count: number): Plan => ({
  ...plan,
  steps: plan.steps.filter((_, place) => place < from || place >= from + count),
});

const ifBroken = async (plan: Plan, invariant: Invariant | undefined): Promise<RunResult | undefined> => {
  const result = await runPlan(plan);
  return result.violations.some((violation) => violation.invariant === invariant) ? result : undefined;
};
