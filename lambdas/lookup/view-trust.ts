// Owns whether this Region's view may be believed: it is whole, or older than its stream reaches back, or being rebuilt.
// Leaves to open-view.ts who answers instead.
import type { Clock } from '../ports/clock.ts';
import type { Rehydrations } from '../ports/rehydration.ts';
import { STREAM_REACH_SECONDS } from '../shared/names.ts';
import { READS } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

/** `old`: nothing came for so long that what was missed may never come. `incomplete`: facts are known to be missing. */
export type Trust = 'whole' | 'old' | 'incomplete';

/** One a worker. */
export class ViewTrust {
  #isRehydrating = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #readForMs: number | undefined;

  constructor(
    private readonly rehydrations: Pick<Rehydrations, 'read'>,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * `watermarkMs` as it was just read. The mark is written before a watermark passes a gap, so one that has moved has the mark
   * read again: no worker believes a fresh watermark and an older mark.
   */
  async of(watermarkMs: number | undefined): Promise<Trust> {
    const nowMs = this.clock.nowMs();
    if (watermarkMs !== this.#readForMs || nowMs - this.#readAtMs >= READS.trustCachedMs)
      await this.#read(watermarkMs, nowMs);
    if (this.#isRehydrating) return 'incomplete';
    return watermarkMs !== undefined && nowMs - watermarkMs >= STREAM_REACH_SECONDS * 1000 ? 'old' : 'whole';
  }

  async #read(watermarkMs: number | undefined, nowMs: number): Promise<void> {
    try {
      this.#isRehydrating = (await this.rehydrations.read())?.state === 'rehydrating';
      this.#readAtMs = nowMs;
      this.#readForMs = watermarkMs;
    } catch (error) {
      // What was known stays the best there is, and the next lookup asks again.
      this.telemetry.warn('the state of the view cannot be read', errorFields(error));
    }
  }
}
