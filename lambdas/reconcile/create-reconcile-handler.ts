// Owns the daily comparison of the processor's report with the ledger: which day is due, and how far one run goes.
// Leaves to compare.ts the comparison. A day is done in parts, each noted, so no run has to do a whole one.
import { type IsoDate, isoDate } from '../domain/ids.ts';
import { windowOf } from '../domain/reconcile.ts';
import type { ReconciliationProgress } from '../ports/reconciliation.ts';
import { RUNS } from '../shared/policies.ts';
import { type CompareDeps, comparePart, PARTS } from './compare.ts';

export interface ReconcileDeps extends CompareDeps {
  readonly progress: ReconciliationProgress;
}

/** Of the schedule: empty. With `date` that day is compared, also when it has been before. */
export interface ReconcileEvent {
  readonly date?: string;
}

export interface ReconcileResult {
  /** Days that were worked on; the last may be unfinished. */
  readonly windows: readonly IsoDate[];
  readonly isFinished: boolean;
  /** Recorded by this run. */
  readonly differences: number;
}

const DAY_MS = 86_400_000;

/**
 * A day is compared once it has been over for so long. What was begun in its last minute has its outcome by then: the sweep comes
 * every 5 min, a message is tried for an hour, and a processor's report may lag by some hours itself.
 */
export const CLOSED_MS = 6 * 3_600_000;

/** Days that a run looks back for one that is not finished: a processor that was silent over a long weekend. */
const CATCH_UP_DAYS = 5;

/** @throws RangeError for a date that is none, or not over for long enough; and as comparePart does: the next run goes on there */
export const createReconcileHandler =
  (deps: ReconcileDeps) =>
  async ({ date }: ReconcileEvent): Promise<ReconcileResult> => {
    const startedMs = deps.clock.nowMs();
    const days = date === undefined ? dueDays(startedMs) : [namedDay(date, startedMs)];
    const windows: IsoDate[] = [];
    let differences = 0;
    try {
      for (const dayMs of days) {
        const window = windowOf(dayMs);
        const done = await deps.progress.partsDone(window);
        if (done >= PARTS && date === undefined) continue;
        windows.push(window);
        for (let part = done >= PARTS ? 0 : done; part < PARTS; part++) {
          if (deps.clock.nowMs() - startedMs > RUNS.reconciliation.beginsUntilMs)
            return { windows, isFinished: false, differences };
          differences += await comparePart(deps, dayMs, part);
          await deps.progress.setPartsDone(window, part + 1);
        }
      }
      return { windows, isFinished: true, differences };
    } finally {
      deps.telemetry.info('reconciled', { count: differences });
      deps.telemetry.flush();
    }
  };

/** Oldest first. */
const dueDays = (nowMs: number): readonly number[] => {
  const newestMs = Math.floor((nowMs - CLOSED_MS) / DAY_MS) * DAY_MS - DAY_MS;
  return Array.from({ length: CATCH_UP_DAYS }, (_, index) => newestMs - (CATCH_UP_DAYS - 1 - index) * DAY_MS);
};

const namedDay = (date: string, nowMs: number): number => {
  const window = isoDate(date);
  if (window === undefined) throw new RangeError(`a day is written YYYY-MM-DD, got ${JSON.stringify(date)}`);
  const dayMs = Date.parse(`${window}T00:00:00Z`);
  if (dayMs + DAY_MS + CLOSED_MS > nowMs) {
    throw new RangeError(`${window} can be compared from ${new Date(dayMs + DAY_MS + CLOSED_MS).toISOString()} on`);
  }
  return dayMs;
};
