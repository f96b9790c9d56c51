// Owns how far a Region has come with comparing a day, so that one run goes on where the one before ended.
// Leaves to lambdas/reconcile what the parts are. Losing it costs a repetition, which finds nothing new.
import type { IsoDate } from '../domain/ids.ts';

export interface ReconciliationProgress {
  /** 0 for a day never begun. @throws RegionStateUnavailable, as every method here */
  partsDone(window: IsoDate): Promise<number>;
  setPartsDone(window: IsoDate, parts: number): Promise<void>;
}
