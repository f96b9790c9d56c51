// Owns the published meter files as the proofs send them: whole, a day of them corrected, or their August in another month.
// Leaves to fixtures/nem12 what they are. A record 300 is a day: its date, its 48 values, its quality.
import { readFileSync } from 'node:fs';

export const fixtureText = (path: string): string =>
  readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

const QUEENSLAND = 'nem12/qld_home_2016.csv';
const records = (): readonly string[] => fixtureText(QUEENSLAND).trim().split(/\r?\n/);

/** A delivery of one day of August 2016, `kwh` more in its first half hour, under the same quality. */
export const correctedDay = (date: string, kwh: number): string => {
  const lines = records();
  const day = lines.find((line) => line.startsWith(`300,${date},`));
  if (day === undefined) throw new Error(`${QUEENSLAND} has no ${date}`);
  const [indicator, on, first, ...rest] = day.split(',');
  const corrected = [indicator, on, Number(first) + kwh, ...rest].join(',');
  return `${[lines[0], lines[1], corrected, '900'].join('\n')}\n`;
};

/** The home's 22 days of August 2016 as the last 22 days of `month` (YYYY-MM), by another meter. */
export const augustIn = (month: string, meterId: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  // The day after the last one of August becomes the day after the last one of the month.
  const shiftMs = Date.UTC(year, number, 1) - Date.UTC(2016, 8, 1);
  const moved = (date: string): string => {
    const atMs = Date.parse(date.replace(/(....)(..)(..)/, '$1-$2-$3')) + shiftMs;
    return new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '');
  };
  const lines = records();
  const september = lines.findIndex((line) => line.startsWith('300,201609'));
  const august = lines
    .slice(0, september)
    .map((line) => line.replace(/^300,(\d{8})/, (_, date: string) => `300,${moved(date)}`))
    .map((line) => line.replace('3044076134', meterId));
  return `${[...august, '900'].join('\n')}\n`;
};
