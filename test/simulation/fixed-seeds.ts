// Owns a fixed set of runs in which every kind of fault takes effect, in a process of its own: in the test runner's sandbox, where each
// look at a global is a detour, they take several times as long.
// Leaves to simulation.test.ts what must come of them. Prints one line of JSON.
import { ALL_FAULTS, type FaultKind } from '../../simulation/faults/fault-kinds.ts';
import { makePlan } from '../../simulation/plan/make-plan.ts';
import type { FaultStep } from '../../simulation/plan/plan.ts';
import { runPlan } from '../../simulation/run-plan.ts';

export interface FixedSeeds {
  readonly seeds: number;
  /** In words, one a violation. */
  readonly broken: readonly string[];
  readonly neverInjected: readonly FaultKind[];
}

/** Each kind of fault is in some of them, besides those that chance gives the seed; the first is of accounts whose copies are late. */
const SEEDS: readonly (readonly FaultKind[])[] = Array.from({ length: 20 }, (_, place) => [
  ...ALL_FAULTS.filter((_kind, index) => index % 10 === place % 10),
  'refunds-refused',
]);
const LATE_COPIES: FaultStep = { step: 'fault', kind: 'late-copies', atMs: 0, forMs: 60_000, rate: 1 };

const injected = new Set<FaultKind>();
const broken: string[] = [];
for (const [index, always] of SEEDS.entries()) {
  const plan = makePlan(100 + index, always);
  const { violations, injected: kinds } = await runPlan(
    index === 0 ? { ...plan, steps: [LATE_COPIES, ...plan.steps] } : plan,
  );
  broken.push(...violations.map(({ invariant, detail }) => `seed ${plan.seed}, ${invariant}: ${detail}`));
  for (const kind of kinds.keys()) injected.add(kind);
}
const result: FixedSeeds = {
  seeds: SEEDS.length,
  broken,
  neverInjected: ALL_FAULTS.filter((kind) => !injected.has(kind)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
