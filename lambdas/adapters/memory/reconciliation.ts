// Owns the twin of the progress of reconciliation in memory.
// Leaves to adapters/dynamo the progress that survives its process.
import type { IsoDate } from '../../domain/ids.ts';
import type { ReconciliationProgress } from '../../ports/reconciliation.ts';

export class MemoryReconciliationProgress implements ReconciliationProgress {
  readonly #done = new Map<IsoDate, number>();

  async partsDone(window: IsoDate): Promise<number> {
    return this.#done.get(window) ?? 0;
  }

  async setPartsDone(window: IsoDate, parts: number): Promise<void> {
    this.#done.set(window, parts);
  }
}
