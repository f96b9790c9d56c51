// Owns what a day of a meter is: its intervals, how good it is, the digest that names what was delivered.
// Leaves to best-day.ts which delivery counts, and to adapters how a day is stored.
import { canonicalJson, sha256 } from '../canonical.ts';
import type { IsoDate } from '../ids.ts';
import { type MeterInterval, rankOf } from './interval.ts';
import { type Run, toRuns } from './runs.ts';

/** What is known of a meter's day, its registers summed, without overlaps, in the order of time. */
export interface MeterDay {
  readonly meterId: string;
  /** In the local time of the file it came with: NEM12 is UTC+10 all year, ESPI says it in LocalTimeParameters. */
  readonly date: IsoDate;
  readonly intervals: readonly MeterInterval[];
  /** As its worst interval ranks: 3 actual, 2 substituted, 1 estimated. */
  readonly rank: number;
  /** Of everything above: two days with one digest are the same day. */
  readonly digest: string;
}

/** One register's part of a day as a file delivered it: immutable, and stored once however often it is sent. */
export interface RegisterDay extends MeterDay {
  /** A NEM12 suffix such as `E1`, or `total` where the source knows no registers. */
  readonly register: string;
  /** `export`: fed into the grid. It is kept and not billed: no tariff here buys energy, and it never offsets what was taken. */
  readonly flow: Flow;
  /** When it was first accepted: of two deliveries of equal quality, the later one corrects the earlier. */
  readonly receivedMs: number;
}

export type Flow = 'import' | 'export';

/** The register of a source that knows none: it stands for all of them together. */
export const TOTAL = 'total';

const digestOf = (identity: readonly string[], runs: readonly Run[]): string => sha256(canonicalJson([identity, runs]));

export const meterDay = (meterId: string, date: IsoDate, intervals: readonly MeterInterval[]): MeterDay => ({
  meterId,
  date,
  intervals,
  rank: rankOf(intervals),
  digest: digestOf([meterId, date], toRuns(intervals)),
});

export const registerDay = ({
  meterId,
  date,
  intervals,
  register = TOTAL,
  flow = 'import',
  receivedMs,
}: Pick<RegisterDay, 'meterId' | 'date' | 'intervals' | 'receivedMs'> &
  Partial<Pick<RegisterDay, 'register' | 'flow'>>): RegisterDay => ({
  meterId,
  date,
  intervals,
  register,
  flow,
  receivedMs,
  rank: rankOf(intervals),
  digest: digestOf([meterId, date, register, flow], toRuns(intervals)),
});
