// Owns the hunt: each planted bug is given seeds until one run breaks an invariant.
// Leaves to plant.ts how it gets in, to report.ts how the result is told.
import type { Invariant } from '../audit/invariants.ts';
import type { Mutant } from './mutants.ts';
import { planted } from './plant.ts';

export interface Caught {
  readonly mutant: string;
  /** Runs that it took. */
  readonly seeds: number;
  /** The first that broke; absent: nothing did, and the bug got away. */
  readonly by?: Invariant;
  readonly seed?: number;
  readonly detail?: string;
}

export const hunt = async (mutant: Mutant, firstSeed: number, maxSeeds: number): Promise<Caught> => {
  const { makePlan, runPlan } = await planted(mutant);
  for (let seeds = 1; seeds <= maxSeeds; seeds++) {
    const seed = firstSeed + seeds - 1;
    const [violation] = (await runPlan(makePlan(seed, mutant.under))).violations;
    if (violation !== undefined)
      return { mutant: mutant.name, seeds, seed, by: violation.invariant, detail: violation.detail };
  }
  return { mutant: mutant.name, seeds: maxSeeds };
};
