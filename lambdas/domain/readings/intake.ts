// Owns what lies on the queue `intake`: days of a batch, in parts that fit into a message.
// Leaves to readings who sends it, to store-readings what becomes of it.
import { sha256 } from '../canonical.ts';
import { isoDate } from '../ids.ts';
import { type Flow, type RegisterDay, registerDay } from './meter-day.ts';
import { fromRuns, type Run, toRuns } from './runs.ts';

export interface IntakePart {
  readonly batchId: string;
  /** 0-based; a batch is stored once all its parts are. */
  readonly part: number;
  readonly days: readonly RegisterDay[];
}

/** Below the 256 KiB that a queue of any age and configuration takes, with room for what stands around the days. */
const MAX_DAYS_BYTES = 200_000;
/** So many are written within the time a worker has, also when the table is slow. */
const MAX_DAYS = 100;

interface WireDay {
  readonly m: string;
  readonly d: string;
  readonly r: string;
  readonly f: Flow;
  readonly at: number;
  readonly runs: readonly Run[];
}

const toWire = (day: RegisterDay): WireDay => ({
  m: day.meterId,
  d: day.date,
  r: day.register,
  f: day.flow,
  at: day.receivedMs,
  runs: toRuns(day.intervals),
});

const VERSION = 1;

/** Names a batch by what it delivers: the same readings sent again are the same batch. */
export const batchIdOf = (days: readonly RegisterDay[]): string =>
  `bat_${sha256(
    days
      .map(({ digest }) => digest)
      .sort()
      .join(),
  )}`;

/** The parts of a batch as texts, each with at most 100 days and 256 KiB. */
export const encodeIntake = (batchId: string, days: readonly RegisterDay[]): readonly string[] => {
  const parts: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const day of days) {
    const text = JSON.stringify(toWire(day));
    const size = Buffer.byteLength(text);
    if (bytes + size > MAX_DAYS_BYTES || (parts.at(-1)?.length ?? 0) >= MAX_DAYS) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(text);
    bytes += size;
  }
  return parts.map(
    (texts, part) => `{"v":${VERSION},"batchId":${JSON.stringify(batchId)},"part":${part},"days":[${texts.join(',')}]}`,
  );
};

/** @throws Error for a text that `encodeIntake` did not make: it can never be stored. */
export const decodeIntake = (text: string): IntakePart => {
  const { v, batchId, part, days } = JSON.parse(text) as Record<string, unknown>;
  if (v !== VERSION) throw new Error(`an intake message of version ${String(v)}: this worker knows ${VERSION}`);
  if (typeof batchId !== 'string' || typeof part !== 'number' || !Array.isArray(days)) {
    throw new Error('an intake message without batch, part or days');
  }
  return { batchId, part, days: (days as readonly WireDay[]).map(fromWire) };
};

const fromWire = ({ m: meterId, d, r: register, f: flow, at: receivedMs, runs }: WireDay): RegisterDay => {
  const date = isoDate(d);
  if (date === undefined || typeof meterId !== 'string')
    throw new Error('an intake message with a day of no meter or date');
  return registerDay({ meterId, date, register, flow, receivedMs, intervals: fromRuns(runs) });
};
