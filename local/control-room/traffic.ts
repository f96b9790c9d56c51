// Owns how many requests went through the front door to which Region, how they ended and how long they took.
// Leaves to the front door the requests, and to the page how it looks.
import type { Passage } from '../front-door/front-door.ts';
import { percentile } from '../percentile.ts';
import type { RegionTraffic, Sample, TrafficReport } from './live.ts';

/** Long enough to be steady at a few requests a second, short enough that a move is seen to happen. */
const WINDOW_SECONDS = 5;
const KEPT_SECONDS = 10;

type Ending = 'answered' | 'refused' | 'failed';

const endingOf = ({ status }: Passage): Ending => {
  if (status === 429 || status === 503) return 'refused';
  return status === undefined || status >= 500 ? 'failed' : 'answered';
};

interface Passed {
  readonly atMs: number;
  readonly region: string | undefined;
  readonly ending: Ending;
  readonly tookMs: number;
}

export class Traffic {
  #passed: Passed[] = [];

  constructor(
    private readonly regions: readonly string[],
    private readonly regionOf: (target: string) => string | undefined,
    private readonly nowMs: () => number,
  ) {}

  note(passage: Passage): void {
    const region = passage.target === undefined ? undefined : this.regionOf(passage.target);
    const atMs = this.nowMs();
    this.#passed.push({ atMs, region, ending: endingOf(passage), tookMs: passage.tookMs });
    // Only the old end is looked at: the list is in order.
    while ((this.#passed[0]?.atMs ?? atMs) < atMs - KEPT_SECONDS * 1000) this.#passed.shift();
  }

  report(): TrafficReport {
    const fromMs = this.nowMs() - WINDOW_SECONDS * 1000;
    const recent = this.#passed.filter(({ atMs }) => atMs > fromMs);
    return {
      windowSeconds: WINDOW_SECONDS,
      perSecond: recent.length / WINDOW_SECONDS,
      unroutedPerSecond: recent.filter(({ region }) => region === undefined).length / WINDOW_SECONDS,
      regions: Object.fromEntries(this.regions.map((region) => [region, trafficOf(region, recent)])),
    };
  }

  /** What has ended in the second before `atMs`. */
  second(atMs: number): Pick<Sample, 'answered' | 'refused' | 'failed'> {
    const ended = this.#passed.filter((one) => one.atMs > atMs - 1000 && one.atMs <= atMs);
    const count = (ending: Ending) => ended.filter((one) => one.ending === ending).length;
    const answered = (name: string) => ended.filter((one) => one.region === name && one.ending === 'answered').length;
    return {
      answered: Object.fromEntries(this.regions.map((region) => [region, answered(region)])),
      refused: count('refused'),
      failed: count('failed'),
    };
  }
}

const trafficOf = (name: string, recent: readonly Passed[]): RegionTraffic => {
  const own = recent.filter(({ region }) => region === name);
  const perSecond = (ending: Ending) => own.filter((one) => one.ending === ending).length / WINDOW_SECONDS;
  const took = own.filter(({ ending }) => ending === 'answered').map(({ tookMs }) => tookMs);
  const tookMs = (percent: number): number | null => (took.length === 0 ? null : percentile(took, percent));
  return {
    share: recent.length === 0 ? 0 : own.length / recent.length,
    perSecond: own.length / WINDOW_SECONDS,
    refusedPerSecond: perSecond('refused'),
    failedPerSecond: perSecond('failed'),
    p50Ms: tookMs(50),
    p99Ms: tookMs(99),
  };
};
