// Owns what a delivery of readings says once it is parsed: intervals with their lines, and what was wrong with which line.
// Leaves to the parsers of lambdas/readings how a format says it.
import type { IsoDate } from '../ids.ts';
import { endMs, type MeterInterval } from './interval.ts';
import { type Flow, type RegisterDay, registerDay } from './meter-day.ts';

/** `line` is 1-based; of a JSON request, the place in its list. */
export interface Rejection {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
}

/** One interval as it stands in a file. */
export interface DeliveredInterval extends MeterInterval {
  readonly line: number;
  readonly meterId: string;
  readonly register: string;
  readonly flow: Flow;
  readonly date: IsoDate;
}

export interface Delivery {
  readonly intervals: readonly DeliveredInterval[];
  readonly rejected: readonly Rejection[];
  /** A second name that is unique everywhere, of meters whose own is unique at their publisher only. */
  readonly universalIds?: ReadonlyMap<string, string>;
}

/**
 * The whole delivery is refused: its structure does not hold, so no line of it can be trusted. A parser throws it between
 * its steps; the handler answers it.
 */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
  constructor(readonly rejected: readonly Rejection[]) {
    super(`refused: line ${rejected[0]?.line}, ${rejected[0]?.field} ${rejected[0]?.reason}`);
  }
}

export const refuseDelivery = (line: number, field: string, reason: string): never => {
  throw new DeliveryRefused([{ line, field, reason }]);
};

/** A refusal names at most so many of the lines that contradict each other. */
const MAX_CONTRADICTIONS = 20;

export interface AssembledDelivery {
  readonly days: readonly RegisterDay[];
  /** Intervals in `days`. */
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/**
 * The days of a delivery. The same interval said twice alike counts once and is reported; overlapping intervals that say
 * different things make the delivery ambiguous.
 * @throws DeliveryRefused naming the lines that contradict each other
 */
export const assembleDays = ({ intervals, rejected }: Delivery, receivedMs: number): AssembledDelivery => {
  const bySeries = new Map<string, DeliveredInterval[]>();
  for (const interval of intervals) {
    const series = `${interval.meterId}#${interval.register}#${interval.flow}`;
    const held = bySeries.get(series);
    if (held === undefined) bySeries.set(series, [interval]);
    else held.push(interval);
  }
  const repeats: Rejection[] = [];
  const contradictions: Rejection[] = [];
  const kept = [...bySeries.values()].map((series) => withoutRepeats(series, repeats, contradictions));
  if (contradictions.length > 0) throw new DeliveryRefused(contradictions.slice(0, MAX_CONTRADICTIONS));
  const days = kept.flatMap((series) => daysOf(series, receivedMs));
  return {
    days,
    accepted: kept.reduce((sum, { length }) => sum + length, 0),
    rejected: [...rejected, ...repeats].sort((one, other) => one.line - other.line),
  };
};

const withoutRepeats = (
  series: readonly DeliveredInterval[],
  repeats: Rejection[],
  contradictions: Rejection[],
): readonly DeliveredInterval[] => {
  const kept: DeliveredInterval[] = [];
  for (const next of [...series].sort((one, other) => one.startMs - other.startMs || one.line - other.line)) {
    const last = kept.at(-1);
    if (last === undefined || endMs(last) <= next.startMs) {
      kept.push(next);
    } else if (isSame(last, next)) {
      repeats.push({ line: next.line, field: 'start', reason: `repeats line ${last.line} and counts once` });
    } else {
      contradictions.push({
        line: next.line,
        field: 'start',
        reason: `contradicts line ${last.line}: two readings of the same time that differ`,
      });
    }
  }
  return kept;
};

const isSame = (one: DeliveredInterval, other: DeliveredInterval): boolean =>
  one.startMs === other.startMs &&
  one.durationSeconds === other.durationSeconds &&
  one.wh === other.wh &&
  one.quality === other.quality;

const daysOf = (series: readonly DeliveredInterval[], receivedMs: number): readonly RegisterDay[] => {
  const byDate = new Map<IsoDate, DeliveredInterval[]>();
  for (const interval of series) {
    const held = byDate.get(interval.date);
    if (held === undefined) byDate.set(interval.date, [interval]);
    else held.push(interval);
  }
  return [...byDate.values()].flatMap((ofDate) => {
    const [first] = ofDate;
    if (first === undefined) return [];
    const { meterId, register, flow, date } = first;
    const intervals = ofDate.map(({ startMs, durationSeconds, wh, quality }) => ({
      startMs,
      durationSeconds,
      wh,
      quality,
    }));
    return [registerDay({ meterId, register, flow, date, intervals, receivedMs })];
  });
};
