// Owns what the bills in a Green Button file say: service dates, usage, cost.
// Leaves to demo-account.ts what is made of them. Meter data proper is read elsewhere; this is one publisher's bill feed.
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';

export interface PublishedBill {
  /** `YYYY-MM`, the month the service period starts in. */
  readonly period: string;
  /** `YYYY-MM-DD`, first and last day of service. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly therms: number;
  readonly costMinor: number;
}

const DIGITS = z.string().regex(/^\d+$/).transform(Number);
const READING = z.object({
  cost: DIGITS,
  timePeriod: z.object({ duration: DIGITS, start: DIGITS }),
  value: DIGITS,
});
const BLOCK = z.object({ IntervalReading: z.array(READING) });
const READING_TYPE = z.object({
  currency: z.literal('840'),
  powerOfTenMultiplier: z.literal('-3'),
  uom: z.literal('169'),
});
const ENTRY = z.object({
  content: z.object({ IntervalBlock: BLOCK.optional(), ReadingType: READING_TYPE.optional() }),
});
const FEED = z.object({ feed: z.object({ entry: z.array(ENTRY) }) });

/** ESPI costs are in hundred-thousandths of the currency unit (REQ.21, `IntervalReading.cost`). */
const COST_PER_MINOR = 1_000;
const VALUE_PER_THERM = 1_000;

const DAY_SECONDS = 86_400;

/**
 * The bills of a feed of natural gas in US dollars, oldest first. A bill belongs to the month its service starts in.
 * This publisher writes the customer's calendar days as midnights UTC: every start is one, while the durations carry
 * the hour of a clock change. So the days are read in UTC, and a duration is rounded to whole days.
 * @throws Error when the file is of another kind, a cost is no whole cent, or two bills fall into one month
 */
export const publishedBills = (xml: string): readonly PublishedBill[] => {
  const parser = new XMLParser({
    parseTagValue: false,
    isArray: (name) => name === 'entry' || name === 'IntervalReading',
  });
  const { entry } = FEED.parse(parser.parse(xml)).feed;
  if (!entry.some(({ content }) => content.ReadingType !== undefined))
    throw new Error('the feed names no reading type');
  const readings = entry.flatMap(({ content }) => content.IntervalBlock?.IntervalReading ?? []);
  const bills = readings.map(billOf).sort((one, other) => (one.period < other.period ? -1 : 1));
  const twice = bills.find((bill, index) => bills[index - 1]?.period === bill.period);
  if (twice !== undefined) throw new Error(`two bills start in ${twice.period}`);
  return bills;
};

const billOf = ({ cost, timePeriod, value }: z.infer<typeof READING>): PublishedBill => {
  if (cost % COST_PER_MINOR !== 0) throw new Error(`cost ${cost} is no whole cent`);
  const { start, duration } = timePeriod;
  if (start % DAY_SECONDS !== 0) throw new Error(`start ${start} is no midnight UTC`);
  const days = Math.round(duration / DAY_SECONDS);
  return {
    period: dayOf(start).slice(0, 7),
    firstDay: dayOf(start),
    lastDay: dayOf(start + (days - 1) * DAY_SECONDS),
    therms: value / VALUE_PER_THERM,
    costMinor: cost / COST_PER_MINOR,
  };
};

const dayOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString().slice(0, 10);
