// Owns one run: faults and requests as the plan has them, then everything heals, and within an hour everything must have converged.
// Leaves to audit/ what must hold, to main.ts how many runs there are.
import { Auditor, type Violation } from './audit/auditor.ts';
import { Clients } from './clients/clients.ts';
import { withOwnGlobals } from './engine/own-globals.ts';
import { applyFault } from './faults/apply-fault.ts';
import type { FaultKind } from './faults/fault-kinds.ts';
import type { CommandStep, Plan, Step } from './plan/plan.ts';
import { REGIONS } from './world/network.ts';
import { startSchedules } from './world/schedules.ts';
import { World } from './world/world.ts';

const MINUTE_MS = 60_000;
const CONVERGES_WITHIN_MS = 60 * MINUTE_MS;
/** Delayed copies of messages are still to come: what has converged must stay so. */
const STAYS_CONVERGED_MS = 150_000;
const WATCHED_EVERY_MS = 20_000;
/** Readers come back while the rest still catches up. */
const LOOKS_AFTERWARDS = 6;
const LOOKS_EVERY_MS = 15_000;
/** While nobody asks for anything, nothing is missed by looking less often. */
const LONG_WAIT_MS = 30 * MINUTE_MS;
const SLOWER = 20;

export interface RunResult {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** Of everything that happened: equal for equal runs. */
  readonly digest: string;
  readonly trace: readonly string[];
  readonly injected: ReadonlyMap<FaultKind, number>;
  /** Calls of functions. */
  readonly operations: number;
  readonly facts: number;
  readonly payments: number;
  /** Requests of which a client did not know what became of them. */
  readonly unknown: number;
  /** From the end of the faults. */
  readonly convergedAfterMs: number | undefined;
}

export const runPlan = async (plan: Plan): Promise<RunResult> => {
  const world = new World(plan.seed, plan.startMs);
  return withOwnGlobals(world.time, world.random.of('libraries'), () => run(world, plan));
};

const run = async (world: World, plan: Plan): Promise<RunResult> => {
  const { time, trace, regions, faults, random } = world;
  const auditor = new Auditor(world);
  const commands = plan.steps.filter((step): step is CommandStep => step.step === 'command');
  const clients = new Clients(
    { time, trace, regions, faults, random: random.of('clients'), answered: auditor.answered, looked: auditor.looked },
    commands,
  );
  const failed = (error: unknown): void => auditor.unforeseen(error);
  for (const step of plan.steps)
    time.at(plan.startMs + step.atMs, () => void start(world, clients, step).catch(failed));
  const lastMs = plan.startMs + Math.max(0, ...plan.steps.map(({ atMs }) => atMs));
  const healAtMs = plan.startMs + plan.healAtMs;
  const isLongWait = (): boolean => time.nowMs > lastMs + 5 * MINUTE_MS && time.nowMs < healAtMs - LONG_WAIT_MS;
  for (const name of REGIONS) {
    const slowness = (): number => (isLongWait() ? SLOWER : 1);
    startSchedules(regions[name], { time, slowness, random: random.of(`schedules ${name}`) });
  }
  const watchAgain = (): void => {
    auditor.watch();
    if (time.nowMs < healAtMs) time.after(isLongWait() ? SLOWER * WATCHED_EVERY_MS : WATCHED_EVERY_MS, watchAgain);
  };
  watchAgain();
  await time.runUntil(healAtMs);
  trace.tell('everything heals');
  faults.clear();
  clients.betterTimes();
  lookAfterwards(world, clients);
  const convergedAfterMs = await untilConverged(world, auditor, clients, healAtMs);
  if (convergedAfterMs !== undefined) await time.runUntil(time.nowMs + STAYS_CONVERGED_MS);
  await auditor.conclude(clients);
  const records = [...clients.commands.values()];
  return {
    plan,
    violations: auditor.violations,
    digest: trace.digest(),
    trace: trace.lines,
    injected: faults.injected,
    operations: REGIONS.reduce((sum, name) => sum + regions[name].invocations, 0),
    facts: auditor.facts,
    payments: records.filter(({ step, granted }) => step.command.kind === 'pay' && granted !== undefined).length,
    unknown: records.filter(({ wasUnknown }) => wasUnknown).length,
    convergedAfterMs,
  };
};

const start = async (world: World, clients: Clients, step: Step): Promise<unknown> => {
  switch (step.step) {
    case 'command':
      return clients.command(step);
    case 'again':
      return clients.again(step);
    case 'look':
      return clients.look(step);
    case 'fault':
      return applyFault(world, step);
  }
};

const lookAfterwards = ({ time }: World, clients: Clients): void => {
  for (let look = 1; look <= LOOKS_AFTERWARDS; look++)
    time.after(look * LOOKS_EVERY_MS, () => {
      for (const account of clients.accounts())
        for (const region of REGIONS)
          void clients.look({ step: 'look', atMs: 0, account, region, what: 'statement', isAfter: false });
    });
};

/** How long it took; undefined when it was not enough. */
const untilConverged = async (
  world: World,
  auditor: Auditor,
  clients: Clients,
  healAtMs: number,
): Promise<number | undefined> => {
  const { time, regions } = world;
  while (time.nowMs < healAtMs + CONVERGES_WITHIN_MS) {
    await time.runUntil(time.nowMs + MINUTE_MS);
    if (await auditor.isConverged(clients)) return time.nowMs - healAtMs;
    // Money does not wait for a person: the sweep asks on. What else has failed too often is sent again, as an operator does.
    for (const { queues } of Object.values(regions))
      for (const queue of [queues.notices, queues.intake, queues.archive]) queue.redrive();
  }
  return undefined;
};
