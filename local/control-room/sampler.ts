// Owns the second hand of the control room: while somebody looks or payers pay it takes a sample each second and tells who looks.
// Leaves to control-room.ts what a sample is made of. With nobody there it stands still: an idle run costs nothing.
import type { Live, Sample } from './live.ts';

const EVERY_MS = 1_000;
/** Five minutes of timeline. */
const KEPT = 300;

export interface SamplerOptions {
  readonly take: () => Promise<Live>;
  /** Whether to go on although nobody looks. */
  readonly isBusy: () => boolean;
}

export class Sampler {
  readonly #viewers = new Set<(live: Live) => void>();
  #samples: readonly Sample[] = [];
  #timer: NodeJS.Timeout | undefined;
  #taking = false;

  constructor(private readonly options: SamplerOptions) {}

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Gives back what ends it. */
  subscribe(viewer: (live: Live) => void): () => void {
    this.#viewers.add(viewer);
    this.wake();
    return () => this.#viewers.delete(viewer);
  }

  /** There is something to see from now on. */
  wake(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.#tick(), EVERY_MS);
    void this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    if (this.#viewers.size === 0 && !this.options.isBusy()) return this.stop();
    // A sample that takes longer than a second is a second that is missing, not two at once.
    if (this.#taking) return;
    this.#taking = true;
    try {
      const live = await this.options.take();
      this.#samples = [...this.#samples, live.sample].slice(-KEPT);
      for (const tell of this.#viewers) tell(live);
    } finally {
      this.#taking = false;
    }
  }
}
