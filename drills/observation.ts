// Owns what is seen of a running pair while a drill lasts: DNS, health, lag and alarms, twice a second.
// Leaves to the control API what it says, and to measure.ts what follows from it.
import type { ControlState } from '../local/control/state.ts';
import type { Harness } from './pair/harness.ts';

export type RingingAlarm = Pick<ControlState['alarms'][number], 'slug' | 'tier' | 'region' | 'sinceMs'>;

export interface Sample {
  readonly atMs: number;
  readonly answer: string | null;
  readonly regions: Readonly<Record<string, Pick<ControlState['regions'][string], 'process' | 'network' | 'health'>>>;
  /** How far the run's clock is ahead of the machine's. */
  readonly clockOffsetMs: number;
  readonly ringing: readonly RingingAlarm[];
}

const EVERY_MS = 500;

export class Observation {
  readonly samples: Sample[] = [];
  #stopped = false;
  readonly #watching: Promise<void>;

  constructor(
    private readonly baseload: Harness,
    /** Told of every look. */
    private readonly onLook: () => void,
  ) {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const atMs = Date.now();
      // The control API answers within its own time-outs; what it does not answer is a gap in the picture.
      const state = await this.baseload.state().catch(() => undefined);
      if (state !== undefined) this.samples.push(sampleOf(state, atMs));
      this.onLook();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs + EVERY_MS - Date.now())));
    }
  }
}

const sampleOf = ({ dns, regions, alarms, clock }: ControlState, atMs: number): Sample => ({
  atMs,
  answer: dns.answer,
  regions: Object.fromEntries(
    Object.entries(regions).map(([name, { process, network, health }]) => [name, { process, network, health }]),
  ),
  clockOffsetMs: clock.offsetMs,
  ringing: alarms
    .filter(({ state }) => state === 'ALARM')
    .map(({ slug, tier, region, sinceMs }) => ({ slug, tier, region, sinceMs })),
});
