// Owns the twin of the rehydration row in memory.
// Leaves to adapters/dynamo the row that survives its process.
import {
  REHYDRATION_SEGMENTS,
  type Rehydration,
  type RehydrationReason,
  type Rehydrations,
  type Replaceable,
} from '../../ports/rehydration.ts';

export class MemoryRehydrations implements Rehydrations {
  #row: Rehydration | undefined;

  async read(): Promise<Rehydration | undefined> {
    return this.#row;
  }

  async begin(reason: RehydrationReason, startedAtMs: number, replaceable: Replaceable): Promise<boolean> {
    if (this.#row !== undefined && !isReplaceable(this.#row, replaceable)) return false;
    const segments = Array.from({ length: REHYDRATION_SEGMENTS }, () => ({ kind: 'start' }) as const);
    this.#row = { state: 'rehydrating', reason, startedAtMs, factsApplied: 0, factsCorrupt: 0, segments };
    return true;
  }

  async declareCurrent(startedAtMs: number, factsApplied: number): Promise<void> {
    const segments = Array.from({ length: REHYDRATION_SEGMENTS }, () => ({ kind: 'done' }) as const);
    this.#row ??= { state: 'current', reason: 'new-view', startedAtMs, factsApplied, factsCorrupt: 0, segments };
  }

  async advance(
    run: Pick<Rehydration, 'startedAtMs'>,
    segment: number,
    { from, to, applied, corrupt }: Parameters<Rehydrations['advance']>[2],
  ): Promise<boolean> {
    const row = this.#row;
    const isThere = JSON.stringify(row?.segments[segment]) === JSON.stringify(from);
    if (row === undefined || row.startedAtMs !== run.startedAtMs || !isThere) return false;
    this.#row = {
      ...row,
      factsApplied: row.factsApplied + applied,
      factsCorrupt: row.factsCorrupt + corrupt,
      segments: row.segments.with(segment, to),
    };
    return true;
  }

  async finish(run: Pick<Rehydration, 'startedAtMs'>): Promise<void> {
    const row = this.#row;
    if (row?.startedAtMs !== run.startedAtMs || row.segments.some(({ kind }) => kind !== 'done')) return;
    this.#row = { ...row, state: 'current' };
  }
}

const isReplaceable = (row: Rehydration, replaceable: Replaceable): boolean => {
  if (replaceable === 'none') return false;
  return replaceable === 'done' ? row.state === 'current' : row.startedAtMs < replaceable.startedBeforeMs;
};
