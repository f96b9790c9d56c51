// Owns the twin of the region-state table in memory.
// Leaves to adapters/dynamo the state that survives its process.
import type { RegionState } from '../../ports/region-state.ts';

export class MemoryRegionState implements RegionState {
  readonly #watermarks = new Map<string, Map<number, number>>();
  readonly #evacuated = new Set<string>();

  async advanceWatermark(region: string, index: number, atMs: number): Promise<void> {
    const known = this.#watermarks.get(region) ?? new Map<number, number>();
    known.set(index, Math.max(atMs, known.get(index) ?? atMs));
    this.#watermarks.set(region, known);
  }

  async watermarks(region: string): Promise<ReadonlyMap<number, number>> {
    return new Map(this.#watermarks.get(region));
  }

  async isEvacuated(region: string): Promise<boolean> {
    return this.#evacuated.has(region);
  }

  async setEvacuated(region: string, evacuated: boolean): Promise<void> {
    if (evacuated) this.#evacuated.add(region);
    else this.#evacuated.delete(region);
  }
}
