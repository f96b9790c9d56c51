// Owns the words of a result: progress, what all runs came to, and how a failure is told and played again.
// Leaves the figures to simulate.ts.
import { INVARIANTS } from './audit/invariants.ts';
import { ALL_FAULTS, FAULT_KINDS, type FaultKind } from './faults/fault-kinds.ts';
import type { Step } from './plan/plan.ts';
import type { RunResult } from './run-plan.ts';
import type { Totals } from './simulate.ts';

const VIOLATIONS_TOLD = 5;
const TRACE_TOLD = 80;

export const progressLine = ({ seeds, operations, seconds }: Totals): string => {
  const perMinute = Math.round((60 * seeds) / seconds);
  return `  ${seeds} seeds in ${Math.round(seconds)} s, ${perMinute} a minute, ${Math.round(operations / seconds)} simulated operations a second, all kept`;
};

export const summaryLines = (totals: Totals, missing: readonly FaultKind[]): readonly string[] => {
  const { firstSeed, seeds, facts, payments, unknown, operations, seconds, slowestConvergenceMs, injected } = totals;
  const faults = ALL_FAULTS.map((kind) => `  ${String(injected[kind]).padStart(9)}  ${kind}: ${FAULT_KINDS[kind]}`);
  return [
    '',
    `${seeds} seeds from ${firstSeed}: all ${Object.keys(INVARIANTS).length} invariants held in each`,
    `  ${payments} payments acknowledged, 0 lost, 0 doubled; ${facts} facts in the ledger`,
    `  ${unknown} requests whose client did not know what became of them: all of them resolved`,
    `  converged at the latest ${Math.round(slowestConvergenceMs / 60_000)} virtual minutes after the end of the faults`,
    `  ${operations} operations in ${seconds.toFixed(1)} s: ${Math.round(operations / seconds)} a second, ${Math.round((60 * seeds) / seconds)} seeds a minute`,
    'faults that took effect',
    ...faults,
    ...missing.map((kind) => `NEVER INJECTED: ${kind}. The simulation itself is wrong: see plan/make-fault.ts`),
  ];
};

export const failureLines = (failed: RunResult, smallest: RunResult): readonly string[] => {
  const { seed, steps, healAtMs } = smallest.plan;
  const told = smallest.violations.slice(0, VIOLATIONS_TOLD);
  return [
    '',
    `seed ${seed} FAILED, ${failed.violations.length} violation(s), digest ${failed.digest}`,
    ...failed.violations.slice(0, VIOLATIONS_TOLD).map(({ invariant, detail }) => `  ${invariant}: ${detail}`),
    '',
    `${steps.length} of ${failed.plan.steps.length} steps are enough for "${told[0]?.invariant}":`,
    ...steps.map((step) => `  ${seconds(step.atMs)}  ${stepText(step)}`),
    `  ${seconds(healAtMs)}  everything heals`,
    '',
    `what happens then, the last ${TRACE_TOLD} lines:`,
    ...smallest.trace.slice(-TRACE_TOLD).map((line) => `  ${line}`),
    '',
    `again: npm run simulate -- --seed ${seed}`,
  ];
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3).padStart(10)} s`;

const stepText = ({ atMs: _, ...step }: Step): string => {
  switch (step.step) {
    case 'command':
      return `${step.id} to ${step.region} ${JSON.stringify(step.command)}`;
    case 'again':
      return `${step.of} again to ${step.region}${step.otherAmountMinor === undefined ? '' : `, as ${step.otherAmountMinor}`}`;
    case 'look':
      return `look at ${step.what} of ${step.account} in ${step.region}${step.isAfter ? ', after what was acknowledged' : ''}`;
    case 'fault': {
      const { step: __, ...fault } = step;
      return `fault ${JSON.stringify(fault)}`;
    }
  }
};
