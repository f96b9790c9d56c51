// Owns how fast the simulation runs: calls of functions in its two Regions a second, seeds a minute, over a fixed set of seeds.
// Leaves to simulation/ the runs, and to npm run simulate the search for what breaks.
import { ALL_FAULTS, type FaultKind } from '../../simulation/faults/fault-kinds.ts';
import { makePlan } from '../../simulation/plan/make-plan.ts';
import { type RunResult, runPlan } from '../../simulation/run-plan.ts';
import { type Contender, interleave } from '../harness/interleave.ts';
import type { Measurement } from '../harness/measurement.ts';
import { spreadOf } from '../harness/statistics.ts';

const SEEDS = 6;
/** Each round runs every seed once, and so does the same work. */
const ROUNDS = { rounds: 6, operations: SEEDS, warmUp: SEEDS };

interface Simulated extends Contender {
  /** Of each seed, what its run came to. */
  readonly results: ReadonlyMap<number, RunResult>;
}

/** @throws Error when a run breaks an invariant, or goes another way than before */
const simulated = (name: string, always: readonly FaultKind[]): Simulated => {
  const results = new Map<number, RunResult>();
  let runs = 0;
  const prepare = () => async (): Promise<void> => {
    const seed = 1 + (runs++ % SEEDS);
    const result = await runPlan(makePlan(seed, always));
    const { violations, digest } = result;
    if (violations.length > 0) throw new Error(`${name}: seed ${seed} breaks "${violations[0]?.invariant}"`);
    const { digest: before = digest } = results.get(seed) ?? {};
    if (digest !== before) throw new Error(`${name}: seed ${seed} went another way than before`);
    results.set(seed, result);
  };
  return { name, prepare, results };
};

const meanOf = ({ results }: Simulated, figure: 'operations' | 'facts'): number =>
  [...results.values()].reduce((sum, result) => sum + result[figure], 0) / SEEDS;

export const measureSimulation: Measurement = async ({ progress }) => {
  const contenders = [
    simulated('faults as the seed has them', []),
    simulated('every kind of fault in each seed', ALL_FAULTS),
  ];
  const timed = await interleave(contenders, ROUNDS, progress);
  const rows = contenders.flatMap((contender, at) => {
    const { name, rates, cpuMs } = timed[at] ?? { name: '', rates: [], cpuMs: 0 };
    const calls = meanOf(contender, 'operations');
    const figures = {
      seeds: spreadOf(rates.map((perSecond) => 60 * perSecond)),
      operations: spreadOf(rates.map((perSecond) => calls * perSecond)),
      calls,
      facts: meanOf(contender, 'facts'),
      cpuMs: cpuMs / calls,
    };
    return { name, figures };
  });
  return {
    tables: [
      {
        title: 'simulation',
        columns: [
          { key: 'seeds', heading: 'seeds/min', digits: 0 },
          { key: 'operations', heading: 'operations/s', digits: 0 },
          { key: 'calls', heading: 'operations a seed', digits: 0 },
          { key: 'facts', heading: 'facts a seed', digits: 0 },
          { key: 'cpuMs', heading: 'CPU ms an operation', digits: 3 },
        ],
        rows,
      },
    ],
    targets: [],
    notes: [
      'An operation is a call of a function in one of the two Regions: a request, a batch of a stream or a queue, a scheduled run.',
      `Seeds 1 to ${SEEDS}, each once a round, on one thread, with the auditor; every run kept all invariants and went the same way each round.`,
    ],
  };
};
