// Owns when a bill is due that nobody named a day for.
// Leaves to requests the days that operators name.
import { type IsoDate, isoDate } from './ids.ts';

/** What payers are given at least, in days from the day of issue. */
export const PAYMENT_TERM_DAYS = 14;

const DAY_MS = 86_400_000;

/** PAYMENT_TERM_DAYS after the local day of `issuedMs`. @throws RangeError for a zone or an instant that no calendar has */
export const dueAfter = (issuedMs: number, timeZone: string): IsoDate => {
  // The day is found in the zone, and the term counted on the calendar: a clock change must not shift it.
  const local = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const issuedOn = local.format(issuedMs);
  const due = isoDate(
    new Date(Date.parse(`${issuedOn}T00:00:00Z`) + PAYMENT_TERM_DAYS * DAY_MS).toISOString().slice(0, 10),
  );
  if (due === undefined) throw new RangeError(`no due date ${PAYMENT_TERM_DAYS} days after ${issuedOn}`);
  return due;
};

/** A corrected bill keeps its day, unless that would leave less than the term. */
export const laterDate = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b);
