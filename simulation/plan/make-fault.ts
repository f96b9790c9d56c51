// Owns what a fault of each kind is like: how long, how often it strikes, and what more it needs.
// Leaves to make-plan.ts how many there are, to faults/ what they do.
import type { Random } from '../engine/random.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import { LINES, REGIONS } from '../world/network.ts';
import type { FaultStep } from './plan.ts';

const MINUTE_MS = 60_000;
/** Past the six hours that the event source reaches back. */
const PAST_RETENTION_MS = 6 * 60 * MINUTE_MS + 20 * MINUTE_MS;

export const makeFault = (random: Random, kind: FaultKind, busyMs: number): FaultStep => {
  const atMs = random.between(0, busyMs - MINUTE_MS);
  const forMs = random.between(20_000, 3 * MINUTE_MS);
  const rate = random.pick([0.05, 0.2, 0.5, 0.9]);
  const region = random.chance(0.7) ? { region: random.pick(REGIONS) } : {};
  const fault = { step: 'fault', kind, atMs, forMs, rate, ...region } as const;
  switch (kind) {
    case 'partition':
      return { ...fault, lines: linesOf(random) };
    case 'region-loss':
      return { ...fault, region: random.pick(REGIONS) };
    case 'stream-past-retention':
      return { ...fault, region: random.pick(REGIONS), forMs: PAST_RETENTION_MS };
    case 'clock-skew':
      return { ...fault, region: random.pick(REGIONS), skewMs: random.pick([-1, 1]) * random.between(200, 3_500) };
    case 'damaged-facts':
    case 'damaged-lines':
    case 'lost-lines':
    case 'damaged-sums':
      return { ...fault, region: random.pick(REGIONS), pick: random.between(0, 1_000_000) };
    case 'stale-reads':
      // Nothing strikes: a copy that lags does it.
      return { ...fault, kind: 'slow-replica' };
    case 'view-writes-away':
      return { ...fault, rate: random.pick([0.2, 0.9, 1]) };
    case 'worker-crashes':
      return { ...fault, rate: random.pick([0.05, 0.2, 0.4]) };
    default:
      return fault;
  }
};

/** Every shape: any of the lines, at least one. */
const linesOf = (random: Random) => {
  const shape = random.between(1, 2 ** LINES.length - 1);
  return LINES.filter((_, place) => (shape >> place) % 2 === 1);
};
