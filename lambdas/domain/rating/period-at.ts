// Owns the look into a schedule: the period a cell of the clock belongs to.
// Leaves to energy and demand what a period costs.
import type { Cell } from './cells.ts';
import type { Schedule } from './tariff.ts';

/** @throws RangeError for a schedule with a hole, which parse-tariff.ts lets through none of */
export const periodAt = (schedule: Schedule, { month, hour, isWeekend }: Cell): number => {
  const period = (isWeekend ? schedule.weekend : schedule.weekday)[month]?.[hour];
  if (period === undefined) throw new RangeError(`the schedule has no period for month ${month}, hour ${hour}`);
  return period;
};
