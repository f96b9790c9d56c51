// Owns what is kept of meter readings: every delivery of a day, insert-only, and how far a batch has been stored.
// Leaves to domain/readings which of several deliveries counts.
import type { IsoDate } from '../domain/ids.ts';
import type { MeterDay, RegisterDay } from '../domain/readings/meter-day.ts';

export interface Readings {
  /**
   * Puts each day if it is not there: sending it again changes nothing, and of two Regions' writes none is lost.
   * @throws ReadingsUnavailable; days that were stored by then stay, and all may be handed in again.
   */
  store(days: readonly RegisterDay[]): Promise<void>;
  /**
   * The best of what is known of a meter from `fromDate` to `toDate`, both included, in the order of dates; at most MAX_DAYS_READ
   * days. The dates are those of the delivering clock, on which a reading starts: to bill by instants, ask for more on both sides.
   * @throws ReadingsUnavailable, CorruptReading, RangeError for more days than that
   */
  days(meterId: string, fromDate: IsoDate, toDate: IsoDate): Promise<readonly MeterDay[]>;
  /** When the first reading ever begins of what was taken from the grid, epoch milliseconds; undefined for none. @throws as `days` does */
  firstReadingMs(meterId: string): Promise<number | undefined>;
}

/** Two years: a period billed late, its neighbours for estimates, and some. */
export const MAX_DAYS_READ = 732;

export interface Batch {
  readonly batchId: string;
  readonly parts: number;
  /** Intervals. */
  readonly accepted: number;
}

export interface Batches {
  /** Says what a batch is made of, before any part of it is sent. @throws ReadingsUnavailable */
  open(batch: Batch): Promise<void>;
  /** Says that a part is stored. @throws ReadingsUnavailable */
  partStored(batchId: string, part: number): Promise<void>;
  /** Undefined for a batch that this Region knows nothing of. @throws ReadingsUnavailable */
  status(batchId: string): Promise<(Batch & { readonly status: 'pending' | 'stored' }) | undefined>;
}

/** The readings could not be read or written in time. Every write of them may be repeated. */
export class ReadingsUnavailable extends Error {
  override readonly name = 'ReadingsUnavailable';
}

/** A stored day whose digest does not hold. Named, never served. */
export class CorruptReading extends Error {
  override readonly name = 'CorruptReading';
  constructor(
    readonly meterId: string,
    readonly key: string,
  ) {
    super(`reading ${key} of meter ${meterId} is corrupt: its digest does not hold`);
  }
}

/** @throws RangeError */
export const checkDayRange = (fromDate: IsoDate, toDate: IsoDate): void => {
  const days = (Date.parse(toDate) - Date.parse(fromDate)) / 86_400_000 + 1;
  if (days < 1 || days > MAX_DAYS_READ)
    throw new RangeError(`1 to ${MAX_DAYS_READ} days are read at once, got ${days}`);
};
