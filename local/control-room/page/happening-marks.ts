// Owns which happenings stand as marks in the timeline, and what is written on them: short, as they are seconds apart.
import type { Happening } from '../live.ts';

export interface Mark {
  readonly atSeconds: number;
  readonly words: string;
}

/** Undefined for what is told by the list alone. */
const wordsOf = ({ subject, now }: Happening): string | undefined => {
  const region = /^(?:process|network) of (.+)$/.exec(subject)?.[1];
  if (region !== undefined) return `${region} ${now}`;
  return subject === 'DNS answer' ? `DNS: ${now}` : undefined;
};

/** The oldest first. */
export const marksOf = (happenings: readonly Happening[]): readonly Mark[] =>
  happenings
    .flatMap((happening) => {
      const words = wordsOf(happening);
      return words === undefined ? [] : [{ atSeconds: happening.atMs / 1000, words }];
    })
    .reverse();
