// Owns local time: where the days and months of an IANA time zone begin, whatever its clock changes do.
// Leaves to usage.ts what was used when.
import type { IsoDate, Period } from '../ids.ts';

/** Every offset of every zone in use is a multiple of this, so no clock change falls inside one. */
const STEP_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** More than any zone is from UTC. */
const FAR_MS = 27 * 60 * 60_000;

/** A stretch of time without a clock change: local time is UTC plus `offsetMs`. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMs: number;
}

export interface TimeRange {
  /** Epoch milliseconds, inclusive. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** Making one costs more than all its answers; a worker sees few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
};

const offsetMsAt = (timeZone: string, atMs: number): number => {
  const part = new Map(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const read = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  return (
    Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')) -
    Math.floor(atMs / 1000) * 1000
  );
};

/** The first instant after `fromMs` with another offset, given that `toMs` has one. Both are multiples of STEP_MS. */
const changeBetween = (timeZone: string, fromMs: number, toMs: number): number => {
  const before = offsetMsAt(timeZone, fromMs);
  let [low, high] = [fromMs, toMs];
  while (high - low > STEP_MS) {
    const middle = low + Math.floor((high - low) / STEP_MS / 2) * STEP_MS;
    if (offsetMsAt(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
};

/** The stretches of one offset that make up the time from `startMs` to `endMs`. @throws RangeError for a zone nobody knows */
export const spansOf = (timeZone: string, { startMs, endMs }: TimeRange): Span[] => {
  const spans: Span[] = [];
  let spanStartMs = startMs;
  let atMs = Math.floor(startMs / STEP_MS) * STEP_MS;
  let offsetMs = offsetMsAt(timeZone, startMs);
  while (atMs < endMs) {
    // No zone changes its clock forth and back within a day.
    const nextMs = atMs + DAY_MS;
    if (offsetMsAt(timeZone, nextMs) === offsetMs) {
      atMs = nextMs;
      continue;
    }
    atMs = changeBetween(timeZone, atMs, nextMs);
    if (atMs > spanStartMs && spanStartMs < endMs) {
      spans.push({ startMs: spanStartMs, endMs: Math.min(atMs, endMs), offsetMs });
      spanStartMs = atMs;
    }
    offsetMs = offsetMsAt(timeZone, atMs);
  }
  if (spanStartMs < endMs) spans.push({ startMs: spanStartMs, endMs, offsetMs });
  return spans;
};

/** The first instant of a local day: midnight, or where a clock change skips it, the instant after. */
export const startOfDayMs = (timeZone: string, day: IsoDate): number => {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  for (const span of spansOf(timeZone, { startMs: midnight - FAR_MS, endMs: midnight + FAR_MS })) {
    const atMs = Math.max(span.startMs, midnight - span.offsetMs);
    if (atMs < span.endMs) return atMs;
  }
  throw new RangeError(`${day} does not begin in ${timeZone}`);
};

/** The date of a local time, itself written as if it were UTC. */
export const dateOf = (localMs: number): IsoDate => new Date(localMs).toISOString().slice(0, 10) as IsoDate;

const firstDay = (year: number, month: number): IsoDate => dateOf(Date.UTC(year, month, 1));

/** A billing period: from the first instant of its month to that of the next, in the account's time zone. */
export const periodRange = (period: Period, timeZone: string): TimeRange => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return {
    startMs: startOfDayMs(timeZone, firstDay(year, month - 1)),
    endMs: startOfDayMs(timeZone, firstDay(year, month)),
  };
};

/** How many days its month has. */
export const daysInPeriod = (period: Period): number => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
};
