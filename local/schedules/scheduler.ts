// Owns a Region's schedules: each function invoked when it is due, retried as the schedule says.
// Leaves to expression.ts when that is. What was due while the Region was down is not made up, as with EventBridge Scheduler's rates.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RegionPlan, SchedulePlan } from '../assembly/plan.ts';
import { authorize } from '../iam/evaluate.ts';
import { roleRequest } from '../iam/role-request.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { parseSchedule } from './expression.ts';

export interface SchedulerOptions {
  readonly plan: Pick<RegionPlan, 'region' | 'roles' | 'schedules'>;
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
  /** Remembers when each schedule was made: its rate is counted from there, also after a restart. */
  readonly file: string;
  readonly onTrouble: (what: string) => void;
  readonly nowMs: () => number;
  /** Calls back whenever the time has jumped; absent: it never does. */
  readonly onClockMove?: (listener: () => void) => void;
}

export interface Scheduler {
  /** Invokes what the schedule would, now and once, with `input` in place of the schedule's own. @throws Error when there is no such schedule, or the invocation fails */
  runNow(name: string, input?: string): Promise<void>;
  /** Resolves when no invocation of it is under way. */
  stop(): Promise<void>;
}

/** A timer of Node is at most so long. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const FIRST_RETRY_MS = 1_000;

/** @throws Error for an expression that is not understood, or a role that may not invoke its function */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { plan, nowMs, file } = options;
  const made = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, number>>) : {};
  const createdAtMs = Object.fromEntries(plan.schedules.map(({ name }) => [name, made[name] ?? nowMs()]));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(createdAtMs));

  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  let stopped = false;
  /** Gives back how to call it off. */
  const later = (ms: number, work: () => void): (() => void) => {
    if (stopped) return () => undefined;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        work();
      },
      Math.min(ms, MAX_TIMER_MS),
    );
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };

  const run = (schedule: SchedulePlan, attempt: number): void => {
    const done = invokeOnce(schedule, options).then((trouble) => {
      underWay.delete(done);
      if (trouble === undefined || stopped) return;
      options.onTrouble(`schedule ${schedule.name}: ${trouble}`);
      if (attempt < schedule.maximumRetryAttempts) {
        later(FIRST_RETRY_MS * 2 ** attempt, () => run(schedule, attempt + 1));
      }
    });
    underWay.add(done);
  };

  for (const schedule of plan.schedules) {
    requireRight(schedule, plan);
    const next = parseSchedule(schedule.expression);
    const nextDueMs = (): number => next(nowMs(), createdAtMs[schedule.name] ?? 0);
    let dueMs = nextDueMs();
    let callOff = (): void => undefined;
    const look = (): void => {
      if (stopped) return;
      callOff();
      // Not yet: a wait was cut to the longest timer, or the clock jumped less far. What a jump went over several times runs once.
      if (nowMs() >= dueMs) {
        run(schedule, 0);
        dueMs = nextDueMs();
      }
      callOff = later(dueMs - nowMs(), look);
    };
    look();
    options.onClockMove?.(look);
  }
  return {
    runNow: async (name, input) => {
      const schedule = plan.schedules.find((one) => one.name === name);
      if (schedule === undefined) throw new Error(`no schedule ${name}`);
      const result = await options.invoke(schedule.functionName, input ?? schedule.input);
      if (result.kind === 'throttled') throw new Error(`${schedule.functionName} is throttled`);
      if (result.kind === 'failed') throw new Error(`${schedule.functionName} failed: ${result.error.errorMessage}`);
    },
    stop: async () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

/** Scheduler invokes asynchronously: what it retries is an invocation that was not taken, not one that failed. */
const invokeOnce = async (
  { functionName, input }: SchedulePlan,
  { invoke, onTrouble }: SchedulerOptions,
): Promise<string | undefined> => {
  const result = await invoke(functionName, input);
  if (result.kind === 'failed') onTrouble(`${functionName} failed: ${result.error.errorMessage}`);
  return result.kind === 'throttled' ? `${functionName} is throttled` : undefined;
};

const requireRight = (schedule: SchedulePlan, { roles, region }: SchedulerOptions['plan']): void => {
  const role = roles.find(({ arn }) => arn === schedule.roleArn);
  const allowed =
    role !== undefined && authorize(roleRequest(role, region, 'lambda:InvokeFunction', schedule.targetArn)).allowed;
  if (!allowed) throw new Error(`schedule ${schedule.name}: its role may not invoke ${schedule.targetArn}`);
};
