// Owns the short form of intervals, for messages and items: a run of equal lengths without gaps says start and length once.
// Leaves to its callers where it is kept.
import type { MeterInterval, Quality } from './interval.ts';

export interface Run {
  readonly startMs: number;
  readonly durationSeconds: number;
  readonly wh: readonly string[];
  /** One letter an interval: a(ctual), s(ubstituted), e(stimated). */
  readonly quality: string;
}

const LETTERS = { actual: 'a', substituted: 's', estimated: 'e' } as const satisfies Record<Quality, string>;
const QUALITY_OF: Readonly<Record<string, Quality>> = { a: 'actual', s: 'substituted', e: 'estimated' };

export const toRuns = (intervals: readonly MeterInterval[]): readonly Run[] => {
  const runs: { startMs: number; durationSeconds: number; wh: string[]; quality: string }[] = [];
  for (const { startMs, durationSeconds, wh, quality } of intervals) {
    const open = runs.at(-1);
    if (
      open?.durationSeconds === durationSeconds &&
      startMs === open.startMs + open.wh.length * durationSeconds * 1000
    ) {
      open.wh.push(wh);
      open.quality += LETTERS[quality];
    } else {
      runs.push({ startMs, durationSeconds, wh: [wh], quality: LETTERS[quality] });
    }
  }
  return runs;
};

/** @throws RangeError when a run says nothing of the quality of an interval */
export const fromRuns = (runs: readonly Run[]): readonly MeterInterval[] =>
  runs.flatMap(({ startMs, durationSeconds, wh, quality }) =>
    wh.map((energy, index) => {
      const letter = quality[index] ?? '';
      const known = QUALITY_OF[letter];
      if (known === undefined) throw new RangeError(`interval ${index} of a run has quality "${letter}": a, s or e`);
      return { startMs: startMs + index * durationSeconds * 1000, durationSeconds, wh: energy, quality: known };
    }),
  );
