// Owns who speaks for the alarms that a lost Region explains: groups, of which each is held back while that is so.
// Leaves to areas.ts what explains which, to stacks/alarms.ts how a group is made (D18).
import { Duration } from 'aws-cdk-lib';
import { AREAS, type Area, type QuietWhile, quietWhile, TIERS, type Tier } from './areas.ts';
import { ALARMS, type AlarmEntry } from './registry.ts';

export interface AlarmGroup {
  /** Stands in its name where an alarm has its slug. */
  readonly name: string;
  readonly tier: Tier;
  readonly members: readonly AlarmEntry[];
  readonly quietWhile: Exclude<QuietWhile, 'never'>;
  readonly wait: Duration;
}

/** Rings while a Region is lost, this one or its peer; it tells nobody and holds others back. */
export const REGION_LOST = { name: 'region-lost', tier: 'P1', every: ['region-unhealthy', 'peer-unhealthy'] } as const;

/**
 * How long a group waits to be explained before it speaks. The loss of a Region is known after two to three minutes; most of its
 * symptoms, and a burn rate, after one.
 */
const UNTIL_EXPLAINED = Duration.minutes(3);
/** Those of P0 that need minutes themselves: somebody shall be awake, and a minute of leeway is enough. */
const UNTIL_PAGED = Duration.minutes(1);

/** How long after a Region has returned its symptoms are still explained: they look back five minutes, and queues are worked off. */
export const EXTENSION: Readonly<Record<Tier, Duration>> = {
  P0: Duration.minutes(5),
  P1: Duration.minutes(10),
  P2: Duration.minutes(10),
};

/** One that rings already says nothing of its second member: an alarm of P0 is a group of its own, and no page hides another. */
const groupsOf = (area: Area, tier: Tier): readonly AlarmGroup[] => {
  const quiet = quietWhile(area);
  const members = ALARMS.filter((alarm) => alarm.area === area && alarm.tier === tier);
  if (quiet === 'never' || members.length === 0) return [];
  if (tier !== 'P0') return [{ name: area, tier, members, quietWhile: quiet, wait: UNTIL_EXPLAINED }];
  return members.map((member) => ({
    name: `${member.slug}-page`,
    tier,
    members: [member],
    quietWhile: quiet,
    wait: member.parts === undefined ? UNTIL_PAGED : UNTIL_EXPLAINED,
  }));
};

export const ALARM_GROUPS: readonly AlarmGroup[] = (Object.keys(AREAS) as readonly Area[]).flatMap((area) =>
  TIERS.flatMap((tier) => groupsOf(area, tier)),
);
