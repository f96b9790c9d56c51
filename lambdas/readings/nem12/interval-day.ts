// Owns records 300 and 400 of NEM12: a day's values, and the quality of ranges of them.
// Leaves to nem12-file.ts where they may stand.
import { type IsoDate, isoDate } from '../../domain/ids.ts';
import { energyOf, isPlausibleTime } from '../../domain/readings/bounds.ts';
import { isNegative, magnitude } from '../../domain/readings/decimal.ts';
import { type DeliveredInterval, type Rejection, refuseDelivery } from '../../domain/readings/delivery.ts';
import type { Quality } from '../../domain/readings/interval.ts';
import type { DataStream } from './data-stream.ts';

/** NEM time is UTC+10 all year; a value stands for the interval that ends at its time (MDFF, 3.2 and 4.4). */
const NEM_OFFSET_MS = 10 * 60 * 60 * 1000;
const DAY_SECONDS = 86_400;

/** A quality flag with, where a method belongs to it, its two digits. */
const FLAG = /^([ASFEVN])(?:\d\d)?$/;
type Letter = 'A' | 'S' | 'F' | 'E' | 'V' | 'N';

/** F is a substitute that is final. N: there is no value at all. */
const QUALITY_OF: Readonly<Record<Exclude<Letter, 'V' | 'N'>, Quality>> = {
  A: 'actual',
  S: 'substituted',
  F: 'substituted',
  E: 'estimated',
};

export interface IntervalDay {
  readonly line: number;
  readonly date: IsoDate;
  readonly values: readonly string[];
  readonly flag: Letter;
}

/** Intervals `from` to `to`, 1-based, both included. */
export interface QualityRange {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly flag: Letter;
}

/** Reason code, reason, update time, load time: as many fields may follow the flag, all may be left out. */
const FIELDS_AFTER_FLAG = 4;

/** @throws DeliveryRefused when date, number of values or flag do not fit */
export const readDay = (line: number, fields: readonly string[], { intervalSeconds }: DataStream): IntervalDay => {
  const digits = fields[1] ?? '';
  const date = isoDate(digits.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  if (date === undefined || !isPlausibleTime(Date.parse(date))) {
    return refuseDelivery(line, 'intervalDate', 'must be a date as YYYYMMDD');
  }
  const count = DAY_SECONDS / intervalSeconds;
  const flagAt = fields.findIndex((field, index) => index > 1 && FLAG.test(field.toUpperCase()));
  const found = (flagAt === -1 ? fields.length : flagAt) - 2;
  if (found !== count) {
    return refuseDelivery(
      line,
      'intervalValue',
      `${found} values where ${count} of ${intervalSeconds / 60} minutes fit`,
    );
  }
  if (fields.slice(flagAt + 1 + FIELDS_AFTER_FLAG).some((field) => field !== '')) {
    return refuseDelivery(line, 'record', 'has more fields than a record 300');
  }
  return { line, date, values: fields.slice(2, flagAt), flag: letterOf(fields[flagAt] ?? '') };
};

/** @throws DeliveryRefused when the range is none of the day, or its flag none of the format */
export const readRange = (line: number, fields: readonly string[], { values }: IntervalDay): QualityRange => {
  const [from, to] = [Number(fields[1]), Number(fields[2])];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from || to > values.length) {
    return refuseDelivery(line, 'startInterval', `must be a range within 1 to ${values.length}`);
  }
  const flag = (fields[3] ?? '').toUpperCase();
  if (!FLAG.test(flag) || flag.startsWith('V')) return refuseDelivery(line, 'qualityMethod', 'must be A, S, F, E or N');
  return { line, from, to, flag: letterOf(flag) };
};

const letterOf = (flag: string): Letter => flag.slice(0, 1).toUpperCase() as Letter;

interface ReadDay {
  readonly intervals: readonly DeliveredInterval[];
  readonly rejected: readonly Rejection[];
}

/** The intervals of a day, or why none of them can be taken. Intervals without a value (N) are left out and reported. */
export const intervalsOf = (day: IntervalDay, ranges: readonly QualityRange[], stream: DataStream): ReadDay => {
  const letters = lettersOf(day, ranges);
  if ('problem' in letters) return { intervals: [], rejected: [letters.problem] };
  const { line, date } = day;
  const { meterId, register, flow, power, intervalSeconds } = stream;
  const midnightMs = Date.parse(`${date}T00:00:00Z`) - NEM_OFFSET_MS;
  const intervals: DeliveredInterval[] = [];
  const empty: number[] = [];
  for (const [index, value] of day.values.entries()) {
    const letter = letters.flags[index] ?? 'N';
    if (letter === 'N' || letter === 'V') {
      empty.push(index + 1);
      continue;
    }
    const energy = energyOf(value, power, intervalSeconds, flow === 'export');
    if ('problem' in energy) {
      return { intervals: [], rejected: [{ line, field: `intervalValue${index + 1}`, reason: energy.problem }] };
    }
    intervals.push({
      line,
      meterId,
      register,
      flow,
      date,
      startMs: midnightMs + index * intervalSeconds * 1000,
      durationSeconds: intervalSeconds,
      // Some providers write what was fed in as negative: the register says the direction already.
      wh: isNegative(energy.wh) ? magnitude(energy.wh) : energy.wh,
      quality: QUALITY_OF[letter],
    });
  }
  return { intervals, rejected: empty.length === 0 ? [] : [withoutValue(line, empty)] };
};

const withoutValue = (line: number, empty: readonly number[]): Rejection => ({
  line,
  field: 'qualityMethod',
  reason: `N: ${empty.length} intervals from ${empty[0]} to ${empty.at(-1)} have no reading`,
});

type Letters = { readonly flags: readonly Letter[] } | { readonly problem: Rejection };

/** V says that the records 400 tell the quality of each interval: every interval once, or the day says nothing reliable. */
const lettersOf = ({ line, values, flag }: IntervalDay, ranges: readonly QualityRange[]): Letters => {
  const refuse = (at: number, reason: string): Letters => ({ problem: { line: at, field: 'qualityMethod', reason } });
  if (flag !== 'V') {
    const other = ranges.find((range) => range.flag !== flag);
    return other === undefined
      ? { flags: values.map(() => flag) }
      : refuse(other.line, `${other.flag} contradicts line ${line}, which says ${flag} for the whole day`);
  }
  const flags = new Array<Letter | undefined>(values.length).fill(undefined);
  for (const range of ranges) {
    for (let index = range.from - 1; index < range.to; index += 1) {
      if (flags[index] !== undefined) return refuse(range.line, `interval ${index + 1} has two qualities`);
      flags[index] = range.flag;
    }
  }
  const missing = flags.indexOf(undefined);
  if (missing !== -1) return refuse(line, `V without a record 400 for interval ${missing + 1}`);
  return { flags: flags.filter((letter) => letter !== undefined) };
};
