// Owns the order in which contenders are measured: in turns, many short rounds, so that whatever else the machine does meets all of them.
// Leaves to statistics.ts what is made of the times.
import { quantile, type Spread, spreadOf } from './statistics.ts';

/** Awaited before the next begins, as one Lambda environment works. */
export type Operation = () => Promise<unknown>;

/** Operation `n`, not begun. What is made for it here is not timed, such as the event that Lambda hands to a function. */
export type Prepare = (n: number) => Operation;

export interface Contender {
  readonly name: string;
  /** `n` never comes twice. */
  readonly prepare: Prepare;
  /** After each of its turns, untimed: undoes what would make the next one another task. */
  readonly restore?: () => Promise<void>;
}

export interface Rounds {
  readonly rounds: number;
  /** Of each contender in each round. */
  readonly operations: number;
  /** Of each contender before the first round, not measured. */
  readonly warmUp: number;
  /** The first `n`. */
  readonly from?: number;
}

export interface Timed {
  readonly name: string;
  /** Operations a second of each round. */
  readonly rates: readonly number[];
  readonly perSecond: Spread;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of this process, of each operation: the median of the rounds. What others do on the machine hardly changes it. */
  readonly cpuMs: number;
}

interface Kept {
  readonly rates: number[];
  readonly tookMs: number[];
  readonly cpuMs: number[];
}

const timed = (name: string, { rates, tookMs, cpuMs }: Kept): Timed => ({
  name,
  rates,
  perSecond: spreadOf(rates),
  p50Ms: quantile(tookMs, 0.5),
  p99Ms: quantile(tookMs, 0.99),
  cpuMs: quantile(cpuMs, 0.5),
});

/** The contenders as they were given, each with its own times. */
export const interleave = async (
  contenders: readonly Contender[],
  { rounds, operations, warmUp, from = 0 }: Rounds,
  progress: (line: string) => void,
): Promise<readonly Timed[]> => {
  let n = from;
  for (const { name, prepare, restore } of contenders) {
    progress(`warming up: ${name}`);
    for (let left = warmUp; left > 0; left--) await prepare(n++)();
    await restore?.();
  }
  const toldEvery = Math.ceil(rounds / 10);
  const times = contenders.map((): Kept => ({ rates: [], tookMs: [], cpuMs: [] }));
  for (let round = 0; round < rounds; round++) {
    if (round % toldEvery === 0) progress(`round ${round + 1} of ${rounds}`);
    // Another one begins each round, so that nobody always comes after the same neighbour.
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length;
      const [contender, kept] = [contenders[at], times[at]];
      if (contender === undefined || kept === undefined) continue;
      const prepared = Array.from({ length: operations }, () => contender.prepare(n++));
      const cpuBefore = process.cpuUsage();
      const startedMs = performance.now();
      let beganMs = startedMs;
      for (const operate of prepared) {
        await operate();
        const endedMs = performance.now();
        kept.tookMs.push(endedMs - beganMs);
        beganMs = endedMs;
      }
      const { user, system } = process.cpuUsage(cpuBefore);
      kept.rates.push((operations * 1000) / (beganMs - startedMs));
      kept.cpuMs.push((user + system) / 1000 / operations);
      await contender.restore?.();
    }
  }
  return contenders.flatMap(({ name }, at) => {
    const kept = times[at];
    return kept === undefined ? [] : [timed(name, kept)];
  });
};
