// Owns the rule by which gaps are filled.
// Leaves to usage.ts what is a gap.
import type { Cell } from './cells.ts';
import { type Exact, exact, over, plus, sumExact, times } from './exact.ts';
import type { CellUsage, CoveredCell } from './usage.ts';

/**
 * The rule: time without a reading is taken to have used as much as the same time of day did on average on the other days of the
 * period of the same kind (working days or weekends); where none of those was read, on all days of the period; where none was read
 * at that time of day, as much as the average of all the time that was read.
 */
export const estimateGaps = (covered: readonly CoveredCell[]): CellUsage[] => {
  const means = meansOf(covered);
  return covered.map(({ cell, wh, coveredMs }) => {
    const gapMs = cell.endMs - cell.startMs - coveredMs;
    return { cell, wh: gapMs === 0 ? wh : plus(wh, times(means(cell), exact(gapMs))) };
  });
};

interface Seen {
  wh: Exact;
  ms: number;
}

/** Wh per millisecond, looked up for a cell. */
const meansOf = (covered: readonly CoveredCell[]): ((cell: Cell) => Exact) => {
  const sameKind = new Map<string, Seen>();
  const sameTime = new Map<number, Seen>();
  const read = covered.filter(({ coveredMs }) => coveredMs > 0);
  for (const { cell, wh, coveredMs } of read) {
    add(sameKind, kindOf(cell), wh, coveredMs);
    add(sameTime, cell.minuteOfDay, wh, coveredMs);
  }
  const all: Seen = {
    wh: sumExact(read.map(({ wh }) => wh)),
    ms: read.reduce((sum, { coveredMs }) => sum + coveredMs, 0),
  };
  return (cell) => {
    const { wh, ms } = sameKind.get(kindOf(cell)) ?? sameTime.get(cell.minuteOfDay) ?? all;
    return over(wh, exact(ms));
  };
};

const kindOf = ({ isWeekend, minuteOfDay }: Cell): string => `${isWeekend ? 'weekend' : 'weekday'} ${minuteOfDay}`;

const add = <Key>(seen: Map<Key, Seen>, key: Key, wh: Exact, ms: number): void => {
  const before = seen.get(key);
  seen.set(key, before === undefined ? { wh, ms } : { wh: plus(before.wh, wh), ms: before.ms + ms });
};
