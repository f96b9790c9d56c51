// Owns the local time of an ESPI feed: its offset from UTC, and the rules by which daylight saving begins and ends.
// Leaves to espi-delivery.ts which day a reading belongs to.
import type { IsoDate } from '../../domain/ids.ts';
import type { Fields } from './espi-feed.ts';

export interface LocalClock {
  dateOf(startMs: number): IsoDate;
  isMidnight(startMs: number): boolean;
}

const DAY_MS = 86_400_000;

/** Local time is UTC plus what `offsetMs` says of the instant. */
const clockOf = (offsetMs: (atMs: number) => number): LocalClock => ({
  dateOf: (startMs) => new Date(startMs + offsetMs(startMs)).toISOString().slice(0, 10) as IsoDate,
  isMidnight: (startMs) => (startMs + offsetMs(startMs)) % DAY_MS === 0,
});

/** Of a feed that says nothing of local time. */
export const UTC_CLOCK = clockOf(() => 0);

/** When daylight saving changes: a moment of the year in local time. */
type Rule = (year: number) => number;

/** `dstStartRule` and `dstEndRule`, a bit map in hexadecimal (REQ.21, `DstRuleType`); undefined for one that is none. */
const ruleOf = (hex: string | undefined): Rule | undefined => {
  if (hex === undefined || !/^[0-9A-Fa-f]{8}$/.test(hex)) return undefined;
  const bits = Number.parseInt(hex, 16);
  const field = (shift: number, width: number): number => (bits >>> shift) & (2 ** width - 1);
  const month = field(28, 4);
  if (month < 1 || month > 12) return undefined;
  const [operator, dayOfMonth, weekday] = [field(25, 3), field(20, 5), field(17, 3) % 7];
  const timeMs = (field(12, 5) * 3600 + field(0, 12)) * 1000;
  return (year) => Date.UTC(year, month - 1, dayIn(year, month, operator, dayOfMonth, weekday)) + timeMs;
};

/** Operator 0: that day of the month; 1: the weekday on or after it; 2 to 6: its first to fifth; 7: its last. */
const dayIn = (year: number, month: number, operator: number, dayOfMonth: number, weekday: number): number => {
  const onOrAfter = (day: number): number =>
    day + ((weekday - new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 7) % 7);
  if (operator === 0) return dayOfMonth;
  if (operator === 1) return onOrAfter(dayOfMonth);
  if (operator === 7) return onOrAfter(new Date(Date.UTC(year, month, 0)).getUTCDate() - 6);
  return onOrAfter(1) + (operator - 2) * 7;
};

/**
 * The clock of a feed's LocalTimeParameters. Some publishers write local standard times as if they were UTC and still send
 * their rules of daylight saving: when the blocks begin at midnight only without it, it is not added again.
 */
export const localClock = (parameters: Fields, blockStartsMs: readonly number[]): LocalClock => {
  const seconds = (name: string): number => Number(parameters.get(name)?.text ?? 0) || 0;
  const standardMs = seconds('tzOffset') * 1000;
  const savingMs = seconds('dstOffset') * 1000;
  const starts = ruleOf(parameters.get('dstStartRule')?.text);
  const ends = ruleOf(parameters.get('dstEndRule')?.text);
  const standard = clockOf(() => standardMs);
  if (savingMs === 0 || starts === undefined || ends === undefined) return standard;
  const saving = clockOf((atMs) => {
    const year = new Date(atMs + standardMs).getUTCFullYear();
    const fromMs = starts(year) - standardMs;
    const toMs = ends(year) - standardMs - savingMs;
    // South of the equator the year begins in daylight saving.
    const isSaving = fromMs < toMs ? atMs >= fromMs && atMs < toMs : atMs < toMs || atMs >= fromMs;
    return standardMs + (isSaving ? savingMs : 0);
  });
  const isWrittenInStandardTime =
    blockStartsMs.length > 0 && blockStartsMs.every(standard.isMidnight) && !blockStartsMs.every(saving.isMidnight);
  return isWrittenInStandardTime ? standard : saving;
};
