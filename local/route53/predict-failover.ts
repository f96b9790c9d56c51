// Owns how long a failover over DNS takes by the model that runs here: a pure function of what the templates and the model say.
// Leaves to checker-fleet.ts, propagation.ts and a payer's name cache to do it; the measured time of a drill stands beside.

export interface FailoverModel {
  /** Of the health check; each checker looks at a phase of its own. */
  readonly requestIntervalSeconds: number;
  /** Looks in a row that must fail. */
  readonly failureThreshold: number;
  readonly checkers: number;
  /** An endpoint is healthy while more than this share of its checkers say so. */
  readonly healthyShare: number;
  /** From a check's turning to the name servers' knowing, milliseconds. */
  readonly propagationMs: { readonly shortest: number; readonly longest: number };
  readonly ttlSeconds: number;
  /** Payers with a name cache each: the slowest of them counts. */
  readonly payers: number;
  /** What a payer waits at most before it tries again, milliseconds. */
  readonly retryPauseMs: number;
  /** From the fault until a look at the endpoint fails, milliseconds: 0 for a Region that is gone. */
  readonly failsAfterMs: number;
}

export interface FailoverPrediction {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const STEP_MS = 10;

/** Probability by steps of STEP_MS from 0: of a time whose cumulative distribution is given, which is 1 at `untilMs`. */
const spread = (untilMs: number, cumulative: (ms: number) => number): readonly number[] => {
  const steps = Math.max(1, Math.ceil(untilMs / STEP_MS));
  return Array.from({ length: steps }, (_, step) => {
    const [from, to] = [step, step + 1].map((edge) => (edge === steps ? 1 : cumulative(edge * STEP_MS)));
    return Number(to) - Number(step === 0 ? 0 : from);
  });
};

const sumOf = (one: readonly number[], other: readonly number[]): readonly number[] => {
  const sum = new Array<number>(one.length + other.length - 1).fill(0);
  for (const [i, a] of one.entries()) for (const [j, b] of other.entries()) sum[i + j] = (sum[i + j] ?? 0) + a * b;
  return sum;
};

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

/** That at least `k` of `n` have happened, each with probability `p` on its own. */
const atLeast = (k: number, n: number, p: number): number => {
  let sum = 0;
  for (let hits = k; hits <= n; hits++) sum += choose(n, hits) * p ** hits * (1 - p) ** (n - hits);
  return sum;
};

/**
 * When the slowest payer is served by another Region, counted from the fault. The sum of four independent times: until so many
 * checkers have seen enough failures that too few are left (an order statistic of uniform phases, and whole intervals before it),
 * propagation (uniform), what is left of the slowest payer's cached answer (the largest of uniforms), and the pause of its retry.
 */
export const predictFailover = (model: FailoverModel): FailoverPrediction => {
  const intervalMs = model.requestIntervalSeconds * 1000;
  const ttlMs = model.ttlSeconds * 1000;
  const mustTurn = model.checkers - Math.floor(model.healthyShare * model.checkers);
  const { shortest, longest } = model.propagationMs;
  const parts = [
    spread(intervalMs, (ms) => atLeast(mustTurn, model.checkers, ms / intervalMs)),
    spread(longest - shortest, (ms) => ms / (longest - shortest)),
    spread(ttlMs, (ms) => (ms / ttlMs) ** model.payers),
    spread(model.retryPauseMs, (ms) => ms / model.retryPauseMs),
  ];
  const total = parts.reduce(sumOf);
  const fixedMs = model.failsAfterMs + (model.failureThreshold - 1) * intervalMs + shortest;
  const percentile = (share: number): number => {
    let sum = 0;
    const step = total.findIndex((probability) => {
      sum += probability;
      return sum >= share;
    });
    return Math.round(fixedMs + step * STEP_MS);
  };
  return { p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
};
