// Owns what kinds of alarms there are by what explains them: whether a lost Region does, so that it need not be said again.
// Leaves to registry.ts which alarm is of which kind, to groups.ts who speaks for those that may be explained.

/** P0: payers are refused or money is wrong, wake somebody. P1: a promise is at risk, act within the hour. P2: within the day. */
export { TIERS, type Tier } from '../../lambdas/shared/names.ts';

/** `never`: nothing explains it, and it speaks for itself. Otherwise its message is held back while that is so. */
export type QuietWhile = 'never' | 'this Region is lost' | 'a Region is lost';

export const AREAS = {
  /** Money in doubt. */
  money: 'never',
  /** A Region itself. */
  region: 'never',
  /** Somebody changed something, or forgot to. */
  change: 'never',
  /** What payers and operators ask of this Region: a lost one answers nobody. */
  payers: 'this Region is lost',
  /** What this Region does after the fact: a lost one does nothing. */
  work: 'this Region is lost',
  /** What this Region sees of the outside: a sick one is not believed. */
  outlook: 'this Region is lost',
  /** What holds only while both Regions work. */
  pair: 'a Region is lost',
} as const satisfies Record<string, QuietWhile>;

export type Area = keyof typeof AREAS;

export const quietWhile = (area: Area): QuietWhile => AREAS[area];
