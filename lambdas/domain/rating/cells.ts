// Owns the cells of a period: pieces of local clock time, small enough that price and power are the same throughout.
// Leaves to usage.ts what was used in each.
import type { IsoDate } from '../ids.ts';
import { dateOf, spansOf, type TimeRange } from './local-time.ts';

export interface Cell extends TimeRange {
  readonly day: IsoDate;
  /** 0 to 11. */
  readonly month: number;
  /** 0 to 23, of the local clock: an hour repeated at a clock change has two sets of cells. */
  readonly hour: number;
  readonly minuteOfDay: number;
  /** Saturday or Sunday; public holidays are not known. */
  readonly isWeekend: boolean;
}

/** The cells of `minutes` (which divide 60) from start to end; the first and last may be shorter. */
export const cellsOf = (timeZone: string, range: TimeRange, minutes: number): Cell[] => {
  const sizeMs = minutes * 60_000;
  const cells: Cell[] = [];
  for (const span of spansOf(timeZone, range)) {
    let startMs = span.startMs;
    while (startMs < span.endMs) {
      const localMs = startMs + span.offsetMs;
      const nextMs = (Math.floor(localMs / sizeMs) + 1) * sizeMs - span.offsetMs;
      const local = new Date(localMs);
      cells.push({
        startMs,
        endMs: Math.min(nextMs, span.endMs),
        day: dateOf(localMs),
        month: local.getUTCMonth(),
        hour: local.getUTCHours(),
        minuteOfDay: local.getUTCHours() * 60 + local.getUTCMinutes(),
        isWeekend: local.getUTCDay() === 0 || local.getUTCDay() === 6,
      });
      startMs = nextMs;
    }
  }
  return cells;
};
