// Owns what one interval of energy is, and how good its reading is.
// Leaves to meter-day.ts what a day of them is.

/** `substituted`: replaced by the meter data provider's validation; `estimated`: no reading was there at all. */
export type Quality = 'actual' | 'substituted' | 'estimated';

/** Higher is better. */
const RANKS = { estimated: 1, substituted: 2, actual: 3 } as const satisfies Record<Quality, number>;
export const QUALITIES = Object.keys(RANKS) as readonly Quality[];

export interface MeterInterval {
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly durationSeconds: number;
  /** Energy taken from the grid in watt hours, an exact decimal; negative only for a meter that nets what it feeds in. */
  readonly wh: string;
  readonly quality: Quality;
}

export const qualityRank = (quality: Quality): number => RANKS[quality];

/** Of several intervals, as good as the worst of them. */
export const rankOf = (intervals: readonly MeterInterval[]): number =>
  intervals.reduce<number>((worst, { quality }) => Math.min(worst, RANKS[quality]), RANKS.actual);

export const endMs = ({ startMs, durationSeconds }: MeterInterval): number => startMs + durationSeconds * 1000;
