// Owns whether a game day is on while an alarm rings: its experiments may be what it rings for.
// Leaves to lib/game-days when that is, to FIS what has started: one that people started by hand is not known here. Pure.
import { GAME_WEEKDAYS, type GameDay } from '../shared/names.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What the last experiment of a day broke may ring for a while after it. */
const AFTER_HOURS = 1;

/** Those that are on at `atMs`, by their schedule. */
export const gameDaysAt = (atMs: number, days: readonly GameDay[]): readonly GameDay[] =>
  days.filter((day) => {
    const at = new Date(atMs);
    const fromMs = Math.floor(atMs / DAY_MS) * DAY_MS + day.fromHourUtc * HOUR_MS;
    const weekday = 1 + GAME_WEEKDAYS.indexOf(day.weekday);
    return (
      at.getUTCDay() === weekday &&
      Math.ceil(at.getUTCDate() / 7) === day.week &&
      atMs >= fromMs &&
      atMs < fromMs + (day.hours + AFTER_HOURS) * HOUR_MS
    );
  });

/** A sentence without a full stop. */
export const gameDayCause = ({ region, fromHourUtc, hours }: GameDay): string =>
  `the game day of ${region}: its experiments start hourly from ${hourOf(fromHourUtc)} to ${hourOf(fromHourUtc + hours - 1)} UTC today`;

const hourOf = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
