// Owns many runs: one a seed until enough or the first that breaks something, what they came to, and whether every fault was there.
// Leaves to run-plan.ts the run, to shrink.ts the smallest that fails, to report.ts the words.
import { ALL_FAULTS, type FaultKind } from './faults/fault-kinds.ts';
import { makePlan } from './plan/make-plan.ts';
import { failureLines, progressLine, summaryLines } from './report.ts';
import { type RunResult, runPlan } from './run-plan.ts';
import { shrink } from './shrink.ts';

export interface SimulateOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly seconds?: number;
  readonly trace: boolean;
  readonly print: (line: string) => void;
}

export interface Totals {
  readonly firstSeed: number;
  seeds: number;
  /** Calls of functions. */
  operations: number;
  facts: number;
  payments: number;
  unknown: number;
  seconds: number;
  slowestConvergenceMs: number;
  /** Faults that took effect, by kind. */
  readonly injected: Record<FaultKind, number>;
}

export interface Outcome extends Totals {
  readonly isKept: boolean;
  /** The first run that broke something, and the smallest plan that still does. */
  readonly failure?: Pick<RunResult, 'plan' | 'violations' | 'digest' | 'trace'>;
  /** Kinds of faults that never took effect, where there were runs enough for each. */
  readonly missing: readonly FaultKind[];
}

/** With so many runs the rarest kind of fault is missing once in a million. */
const ENOUGH_FOR_EVERY_FAULT = 300;
const SHRINKING_RUNS = 150;
const PROGRESS_EVERY_MS = 10_000;

export const simulate = async (options: SimulateOptions): Promise<Outcome> => {
  const { firstSeed, seeds, seconds = Number.POSITIVE_INFINITY, trace, print } = options;
  const injected = Object.fromEntries(ALL_FAULTS.map((kind) => [kind, 0])) as Totals['injected'];
  const totals: Totals = {
    firstSeed,
    seeds: 0,
    operations: 0,
    facts: 0,
    payments: 0,
    unknown: 0,
    seconds: 0,
    slowestConvergenceMs: 0,
    injected,
  };
  const startedMs = performance.now();
  let toldMs = startedMs;
  print(`first seed ${firstSeed}`);
  for (let seed = firstSeed; seed < firstSeed + seeds && totals.seconds < seconds; seed++) {
    const result = await runPlan(makePlan(seed));
    add(totals, result);
    totals.seconds = (performance.now() - startedMs) / 1_000;
    if (trace) for (const line of result.trace) print(line);
    if (result.violations.length > 0) return { ...totals, ...(await tellFailure(result, print)) };
    if (performance.now() - toldMs > PROGRESS_EVERY_MS) {
      toldMs = performance.now();
      print(progressLine(totals));
    }
  }
  const missing = totals.seeds < ENOUGH_FOR_EVERY_FAULT ? [] : ALL_FAULTS.filter((kind) => injected[kind] === 0);
  for (const line of summaryLines(totals, missing)) print(line);
  return { ...totals, isKept: missing.length === 0, missing };
};

const tellFailure = async (result: RunResult, print: (line: string) => void) => {
  const { seed } = result.plan;
  print(`seed ${seed} breaks "${result.violations[0]?.invariant}": looking for the smallest run that does`);
  const smallest = await shrink(result, SHRINKING_RUNS);
  for (const line of failureLines(result, smallest)) print(line);
  const { plan, violations, digest, trace } = smallest;
  return { isKept: false, missing: [], failure: { plan, violations, digest, trace } };
};

const add = (
  totals: Totals,
  { operations, facts, payments, unknown, injected, convergedAfterMs = 0 }: RunResult,
): void => {
  totals.seeds += 1;
  totals.operations += operations;
  totals.facts += facts;
  totals.payments += payments;
  totals.unknown += unknown;
  totals.slowestConvergenceMs = Math.max(totals.slowestConvergenceMs, convergedAfterMs);
  for (const [kind, count] of injected) totals.injected[kind] += count;
};
