// Owns when a schedule of EventBridge Scheduler is due: `rate(5 minutes)` and `cron(0 6 1 * ? *)`, in UTC.
// Source: EventBridge Scheduler user guide, "Schedule types". What is not understood is an error, never a guess.

/** The first moment after `afterMs`, epoch milliseconds; `createdAtMs` is where a rate is counted from. */
export type NextRun = (afterMs: number, createdAtMs: number) => number;

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MINUTE_MS = 60_000;
/** A cron expression that nothing matches in so many days (the 30th of February) is refused. */
const SEARCH_DAYS = 366 * 5;

/** @throws Error naming an expression that is not understood */
export const parseSchedule = (expression: string): NextRun => {
  const [, every, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit];
  if (every !== undefined && unitMs !== undefined) {
    const periodMs = Number(every) * unitMs;
    return (afterMs, createdAtMs) =>
      createdAtMs + Math.max(0, Math.floor((afterMs - createdAtMs) / periodMs) + 1) * periodMs;
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(/\s+/) ?? [];
  if (fields.length !== 6) throw new Error(`schedule ${expression} is not understood: write rate(…) or cron(…)`);
  return cron(expression, fields);
};

const cron = (expression: string, fields: readonly string[]): NextRun => {
  const field = (index: number, least: number, most: number): ReadonlySet<number> =>
    valuesOf(fields[index] ?? '', least, most, expression);
  const minutes = field(0, 0, 59);
  const hours = field(1, 0, 23);
  const days = field(2, 1, 31);
  const months = field(3, 1, 12);
  // 1 is Sunday, as AWS counts.
  const weekdays = field(4, 1, 7);
  const years = field(5, 1970, 2199);
  const matchesDay = (day: Date): boolean =>
    days.has(day.getUTCDate()) &&
    months.has(day.getUTCMonth() + 1) &&
    weekdays.has(day.getUTCDay() + 1) &&
    years.has(day.getUTCFullYear());
  return (afterMs) => {
    const first = new Date(Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
    const today = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate());
    for (let day = 0; day <= SEARCH_DAYS; day++) {
      const dayMs = today + day * 86_400_000;
      if (!matchesDay(new Date(dayMs))) continue;
      for (const hour of hours) {
        for (const minute of minutes) {
          const atMs = dayMs + hour * 3_600_000 + minute * MINUTE_MS;
          if (atMs >= first.getTime()) return atMs;
        }
      }
    }
    throw new Error(`schedule ${expression} is never due`);
  };
};

/** In ascending order: `*`, `?`, a number, `a-b`, `a/n`, and lists of these. */
const valuesOf = (text: string, least: number, most: number, expression: string): ReadonlySet<number> => {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, any, from, to, step] = /^(?:([*?])|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    const first = any === undefined ? Number(from) : least;
    const open = any !== undefined || step !== undefined;
    const last = to !== undefined ? Number(to) : open ? most : first;
    if (Number.isNaN(first) || first < least || last > most || first > last)
      throw new Error(`schedule ${expression}: "${part}" is not understood, it is ${least} to ${most}`);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return new Set([...values].sort((a, b) => a - b));
};
