// Owns what an alarm's name tells of it: slug and tier, as lib/alarms/names.ts puts them there.
// Leaves to lib/alarms which alarms there are.
import type { Tier } from './names.ts';

export interface AlarmName {
  readonly slug: string;
  readonly tier: Tier;
}

/** Undefined for the name of no alarm of this app. */
export const readAlarmName = (name: string): AlarmName | undefined => {
  const [, slug, tier] = /^baseload-[a-z]+-(.+)-(P[012])$/.exec(name) ?? [];
  return slug === undefined ? undefined : { slug, tier: tier as Tier };
};
