// Owns on which day of a month the experiments run in which Region: the other Region's two weeks later, so never in both at once.
// Leaves to constructs/game-day-schedule.ts that they start, to lambdas/enrich-alarm that who is woken then is told.
import type { GameDay } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { EXPERIMENTS } from './experiments.ts';

/** Of each Region, in the order of the config; none where people start the experiments. */
export const gameDaysOf = ({ regions, gameDays }: BaseloadConfig): readonly GameDay[] => {
  const schedule = gameDays?.schedule;
  if (schedule === undefined) return [];
  const { weekday, hourUtc } = schedule;
  return regions.map((region, index) => ({
    region,
    weekday,
    week: 1 + 2 * index,
    fromHourUtc: hourUtc,
    hours: EXPERIMENTS.length,
  }));
};
