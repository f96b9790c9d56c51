// Owns a seed that a planted bug makes fail, the smallest run that it shrinks to, and what becomes of that one when it is run again; in
// a process of its own, as fixed-seeds.ts is.
// Leaves to shrink.test.ts what must come of them. Prints one line of JSON.
import { MUTANTS } from '../../simulation/mutants/mutants.ts';
import { planted } from '../../simulation/mutants/plant.ts';
import type { Step } from '../../simulation/plan/plan.ts';
import { type RunResult, runPlan } from '../../simulation/run-plan.ts';

/** One that a few steps show, in a run that converges all the same: a shrinker needs many runs. */
const BUG = 'replay with another answer';
const SEED = 202;
const MOST_RUNS = 60;

export interface Shrunk {
  readonly steps: readonly Step[];
  /** By name, of each violation. */
  readonly invariants: readonly string[];
  readonly digest: string;
}

export interface ShrunkSeed {
  readonly failed: Shrunk;
  readonly smallest: Shrunk;
  readonly again: Shrunk;
  readonly isSameTrace: boolean;
  /** Of the smallest, with one step left out, each in its turn. */
  readonly withoutOne: readonly Shrunk[];
  /** The smallest, without the bug. */
  readonly sound: Shrunk;
  readonly shrunkInNoRuns: Shrunk;
}

const told = ({ plan, violations, digest }: RunResult): Shrunk => ({
  steps: plan.steps,
  invariants: violations.map(({ invariant }) => invariant),
  digest,
});

const mutant = MUTANTS.find(({ name }) => name === BUG);
if (mutant === undefined) throw new Error(`no planted bug is named "${BUG}": see simulation/mutants/mutants.ts`);
const buggy = await planted(mutant);
const failed = await buggy.runPlan(buggy.makePlan(SEED));
const smallest = await buggy.shrink(failed, MOST_RUNS);
const again = await buggy.runPlan(smallest.plan);
const withoutOne: Shrunk[] = [];
for (const place of smallest.plan.steps.keys()) {
  const steps = smallest.plan.steps.filter((_, other) => other !== place);
  withoutOne.push(told(await buggy.runPlan({ ...smallest.plan, steps })));
}
const result: ShrunkSeed = {
  failed: told(failed),
  smallest: told(smallest),
  again: told(again),
  isSameTrace: again.trace.join('\n') === smallest.trace.join('\n'),
  withoutOne,
  sound: told(await runPlan(smallest.plan)),
  shrunkInNoRuns: told(await buggy.shrink(failed, 0)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
