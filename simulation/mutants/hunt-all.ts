// Owns the hunt for all planted bugs, and its table.
// Leaves each to hunt.ts.
import { INVARIANTS } from '../audit/invariants.ts';
import { type Caught, hunt } from './hunt.ts';
import { MUTANTS } from './mutants.ts';

export interface HuntOptions {
  readonly firstSeed: number;
  readonly maxSeeds: number;
  readonly print: (line: string) => void;
}

export interface HuntOutcome {
  readonly isKept: boolean;
  readonly caught: number;
  readonly planted: number;
  readonly mutants: readonly Caught[];
}

export const huntAll = async ({ firstSeed, maxSeeds, print }: HuntOptions): Promise<HuntOutcome> => {
  const mutants: Caught[] = [];
  const width = Math.max(...MUTANTS.map(({ name }) => name.length));
  const ofWidth = Math.max(...Object.keys(INVARIANTS).map(({ length }) => length));
  print(`${MUTANTS.length} planted bugs, seeds from ${firstSeed}, at most ${maxSeeds} each`);
  for (const mutant of MUTANTS) {
    const result = await hunt(mutant, firstSeed, maxSeeds);
    mutants.push(result);
    const by = (result.by ?? 'GOT AWAY').padEnd(ofWidth);
    print(`  ${mutant.name.padEnd(width)}  ${by}  ${result.seeds} ${result.seeds === 1 ? 'seed' : 'seeds'}`);
  }
  const caught = mutants.filter(({ by }) => by !== undefined).length;
  print(`${caught}/${MUTANTS.length} caught`);
  return { isKept: caught === MUTANTS.length, caught, planted: MUTANTS.length, mutants };
};
