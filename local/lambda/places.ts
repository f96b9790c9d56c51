// Owns what this machine gives each function: threads, and its turn where all want its cores. Read from the template, which ranks them.
// Leaves to pool.ts and worker.mjs what is made of it. On Lambda each environment has a share of a machine of its own.
import type { FunctionPlan, HttpApiPlan, RegionPlan } from '../assembly/plan.ts';
import { Gate } from './gate.ts';

export interface Place {
  /** Threads at most; what exceeds them waits for the first free one. */
  readonly maxEnvironments: number;
  /** Steps of Unix niceness below the Region's own process. */
  readonly niceness: number;
  /** Shared by functions of one niceness: they start their threads in turn, and wait for none that comes after them. */
  readonly coldStarts: Gate;
}

/** Of the function behind the API with the largest reservation, and of one without any. */
const MOST_THREADS = 12;
/** `/health` reserves least of all, and has sixteen checkers. */
const FEWEST_THREADS = 4;
const AWAITED_COLD_STARTS = 2;
/** What only queues, streams and schedules feed: nobody waits for it, and a backlog must not hold up what somebody waits for. */
const FED_BY_EVENTS = { maxEnvironments: 3, niceness: 10, coldStartsAtOnce: 1 };

/** A function that the API does not call is one that events feed. */
export function placesFor(plan: Pick<RegionPlan, 'functions' | 'httpApi'>): (fn: FunctionPlan) => Place {
  const perSecond = letThrough(plan.httpApi);
  const mostPerSecond = Math.max(...perSecond.values());
  const awaited = plan.functions.filter(({ name }) => perSecond.has(name));
  const mostReserved = Math.max(...awaited.map(({ reservedConcurrency = 0 }) => reservedConcurrency));
  const gates = new Map<number, Gate>();
  const gateOf = (niceness: number, width: number): Gate => {
    const gate = gates.get(niceness) ?? new Gate(width);
    gates.set(niceness, gate);
    return gate;
  };
  return ({ name, reservedConcurrency = mostReserved }) => {
    const own = perSecond.get(name);
    if (own === undefined) {
      const { maxEnvironments, niceness, coldStartsAtOnce } = FED_BY_EVENTS;
      return { maxEnvironments, niceness, coldStarts: gateOf(niceness, coldStartsAtOnce) };
    }
    // A step is some 20 % less of a contended core; one for each halving of what the throttle lets through.
    const niceness = Math.min(FED_BY_EVENTS.niceness - 1, Math.round(Math.log2(mostPerSecond / own)));
    const share = mostReserved === 0 ? 1 : reservedConcurrency / mostReserved;
    return {
      maxEnvironments: Math.max(FEWEST_THREADS, Math.ceil(MOST_THREADS * share)),
      niceness,
      coldStarts: gateOf(niceness, AWAITED_COLD_STARTS),
    };
  };
}

/** Requests a second that the throttle of its widest route lets through to each function behind the API. */
function letThrough({ routes }: HttpApiPlan): ReadonlyMap<string, number> {
  const perSecond = new Map<string, number>();
  for (const { functionName, throttle } of routes)
    perSecond.set(functionName, Math.max(throttle.ratePerSecond, perSecond.get(functionName) ?? 0));
  return perSecond;
}
