// Owns how old a Region's view may be: the age of the oldest of its own heartbeats that came through its stream.
// A dead peer must not make it grow, so the peer's heartbeats do not count (DESIGN D5).
import type { Clock } from '../ports/clock.ts';
import type { RegionState } from '../ports/region-state.ts';
import { heardUntilMs } from '../shared/heard.ts';
import { READS } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

/** One a worker. */
export class Staleness {
  #oldestMs: number | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly region: string,
    private readonly regionState: Pick<RegionState, 'watermarks'>,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Every fact written before it, in epoch milliseconds, is in the view. Undefined until the first heartbeat has come through.
   * While one of each key has not, in the first half minute of a new ledger or for as long as a shard hangs from the start, it is 0:
   * of the shards of the others nothing is known, and a view that old is not believed.
   */
  async watermarkMs(): Promise<number | undefined> {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.#readAtMs < READS.watermarkCachedMs) return this.#oldestMs;
    this.#readAtMs = nowMs;
    try {
      const watermarks = await this.regionState.watermarks(this.region);
      this.#oldestMs = watermarks.size === 0 ? undefined : (heardUntilMs(watermarks) ?? 0);
    } catch (error) {
      // What was known stays true, it only gets older: reads must not depend on this.
      this.telemetry.warn('watermarks cannot be read', { region: this.region, ...errorFields(error) });
    }
    return this.#oldestMs;
  }
}
