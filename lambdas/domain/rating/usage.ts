// Owns what was used in each cell of a period: readings of any length laid over the cells, gaps filled by one rule.
// Leaves to the charges what it costs. All energy here is exact.
import type { Cell } from './cells.ts';
import { estimateGaps } from './estimate.ts';
import { decimal, type Exact, exact, NOTHING, plus, times } from './exact.ts';
import type { TimeRange } from './local-time.ts';

export type ReadingQuality = 'actual' | 'estimated' | 'substituted';

/** What a meter counted from `startMs` on. */
export interface Interval {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly durationSeconds: number;
  /** An exact decimal. */
  readonly wh: string;
  readonly quality: ReadingQuality;
}

export interface CellUsage {
  readonly cell: Cell;
  readonly wh: Exact;
}

export type UsageQuality = 'actual' | 'estimated' | 'missing';

export interface Usage {
  readonly cells: readonly CellUsage[];
  readonly quality: UsageQuality;
}

/** A cell and how much of its time readings cover. */
export interface CoveredCell {
  readonly cell: Cell;
  wh: Exact;
  coveredMs: number;
}

/**
 * The usage of the cells, which are in order and without gaps between them.
 *
 * A reading longer than a cell is spread evenly over its time. Where two readings claim the same time, that of the one that starts
 * first counts, so that nothing is billed twice whatever the order, and the usage is called estimated. `estimated` is also what
 * rests on an estimated or substituted reading, or on a gap. `missing`: no reading touches the cells, so nothing says what to fill
 * them with.
 */
export const usageOf = (cells: readonly Cell[], intervals: readonly Interval[]): Usage => {
  const covered: CoveredCell[] = cells.map((cell) => ({ cell, wh: NOTHING, coveredMs: 0 }));
  const isFirm = layOver(covered, intervals);
  if (covered.every(({ coveredMs }) => coveredMs === 0)) return { cells: [], quality: 'missing' };
  const hasGaps = covered.some(({ cell, coveredMs }) => coveredMs < cell.endMs - cell.startMs);
  return {
    cells: hasGaps ? estimateGaps(covered) : covered,
    quality: isFirm && !hasGaps ? 'actual' : 'estimated',
  };
};

/** True when every reading that counts is actual and has its time for itself. */
const layOver = (covered: readonly CoveredCell[], intervals: readonly Interval[]): boolean => {
  let isFirm = true;
  let takenUntilMs = Number.NEGATIVE_INFINITY;
  let first = 0;
  for (const interval of withoutRepeats(intervals)) {
    const endMs = interval.startMs + interval.durationSeconds * 1000;
    const fromMs = Math.max(interval.startMs, takenUntilMs);
    takenUntilMs = Math.max(takenUntilMs, endMs);
    while ((covered[first]?.cell.endMs ?? Number.POSITIVE_INFINITY) <= interval.startMs) first += 1;
    const isClear = fromMs === interval.startMs && interval.quality === 'actual';
    if (!isClear && touches(covered[first], endMs)) isFirm = false;
    if (fromMs < endMs) spread(covered, first, interval, { startMs: fromMs, endMs });
  }
  return isFirm;
};

const touches = (next: CoveredCell | undefined, endMs: number): boolean =>
  next !== undefined && endMs > next.cell.startMs;

/** In order of time, whatever order they came in; a reading that came twice is one. */
const withoutRepeats = (intervals: readonly Interval[]): Interval[] => {
  const inOrder = [...intervals].sort(
    (a, b) =>
      a.startMs - b.startMs ||
      a.durationSeconds - b.durationSeconds ||
      compareText(a.wh, b.wh) ||
      compareText(a.quality, b.quality),
  );
  return inOrder.filter((interval, index) => {
    const before = inOrder[index - 1];
    return !(
      before?.startMs === interval.startMs &&
      before.durationSeconds === interval.durationSeconds &&
      before.wh === interval.wh &&
      before.quality === interval.quality
    );
  });
};

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Gives every cell its share of the part of the reading that lies in `range`. */
const spread = (covered: readonly CoveredCell[], first: number, interval: Interval, range: TimeRange): void => {
  const wh = decimal(interval.wh);
  if (wh === undefined) throw new RangeError(`a reading of ${interval.wh} Wh: must be a decimal`);
  const durationMs = interval.durationSeconds * 1000;
  for (let index = first; index < covered.length; index += 1) {
    const target = covered[index];
    if (target === undefined || target.cell.startMs >= range.endMs) return;
    const sharedMs = Math.min(target.cell.endMs, range.endMs) - Math.max(target.cell.startMs, range.startMs);
    if (sharedMs <= 0) continue;
    target.wh = plus(target.wh, sharedMs === durationMs ? wh : times(wh, exact(sharedMs, durationMs)));
    target.coveredMs += sharedMs;
  }
};
