// Owns the life of one worker: it does one thing after another, each at a distance, until it is done or dies in between.
// Leaves to region.ts who is called when, to stores/ what is at the other end.
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { RegionName } from './network.ts';

/** What a dead worker waits for. */
const never = (): Promise<never> => new Promise(() => {});

export class Worker {
  /** Resolves when it dies. */
  readonly ended: Promise<'died'>;
  #isDead = false;
  #stepsLeft = Number.POSITIVE_INFINITY;
  #tellEnd: (died: 'died') => void = () => {};

  constructor(
    readonly region: RegionName,
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Infinity: no more. */
  dieAfter(steps: number): void {
    this.#stepsLeft = steps;
  }

  die(): void {
    this.#isDead = true;
    this.#tellEnd('died');
  }

  /** The way to something: takes its time, and who has died by then never arrives. */
  async reach(fromMs = 1, toMs = 10): Promise<void> {
    await this.#step();
    await this.time.sleep(this.random.between(fromMs, toMs));
    if (this.#isDead) await never();
  }

  /** The way back: what was done is done, whether or not somebody hears of it. */
  async hear<T>(answer: T): Promise<T> {
    await this.#step();
    return answer;
  }

  async #step(): Promise<void> {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0 && !this.#isDead) this.die();
    if (this.#isDead) await never();
  }
}
