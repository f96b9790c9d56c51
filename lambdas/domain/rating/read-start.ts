// Owns the day a tariff starts, out of the three ways rate objects say it.
// Leaves to tariff.ts which of several tariffs is in force.
import { type IsoDate, isoDate } from '../ids.ts';
import { type FieldReader, isAbsent } from './read-fields.ts';

/** No tariff for electricity is older, none is made for later; milliseconds fall outside. */
const FIRST_SECOND = Date.UTC(1880, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2200, 0, 1) / 1000;

/** `2017-01-01`, and whatever time of day may follow it. */
const LEADING_DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Epoch seconds, a date, or nothing. An epoch is a midnight that URDB's clerks wrote in UTC or in a zone west of it: in both cases
 * its date in UTC is the date they meant.
 */
export const readStartDate = (reader: FieldReader, value: unknown): IsoDate | undefined => {
  if (isAbsent(value) || value === '') return undefined;
  const wrong = 'must be epoch seconds or a date, YYYY-MM-DD';
  if (typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value))) {
    const seconds = Number(value);
    if (!Number.isInteger(seconds) || seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      return reader.problem(['startdate'], wrong);
    }
    return isoDate(new Date(seconds * 1000).toISOString().slice(0, 10));
  }
  const [, text = ''] = typeof value === 'string' ? (LEADING_DATE.exec(value) ?? []) : [];
  return isoDate(text) ?? reader.problem(['startdate'], wrong);
};
