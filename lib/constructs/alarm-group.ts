// Owns one group of alarms: a composite that rings while any of them does, and is held back while a lost Region explains it.
// Leaves to lib/alarms/groups.ts which groups there are and how long they wait.
import { type AlarmBase, AlarmRule, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmGroup, EXTENSION } from '../alarms/groups.ts';
import { nameInTier } from '../alarms/names.ts';
import { type AlarmSlug, describe } from '../alarms/registry.ts';
import { tell } from '../alarms/telling.ts';
import type { BaseloadConfig } from '../config.ts';

export interface AlarmGroupProps {
  readonly config: BaseloadConfig;
  readonly group: AlarmGroup;
  readonly made: (slug: AlarmSlug) => AlarmBase;
  /** While it rings, the group says nothing. */
  readonly explanation: AlarmBase;
}

export class AlarmGroupAlarm extends Construct {
  constructor(parent: Construct, id: string, { config, group, made, explanation }: AlarmGroupProps) {
    super(parent, id);
    const { name, tier, members } = group;
    const composite = new CompositeAlarm(this, 'Default', {
      compositeAlarmName: nameInTier(config, name, tier),
      alarmDescription: descriptionOf(group),
      alarmRule: AlarmRule.anyOf(...members.map(({ slug }) => made(slug))),
      actionsSuppressor: explanation,
      actionsSuppressorWaitPeriod: group.wait,
      actionsSuppressorExtensionPeriod: EXTENSION[tier],
    });
    tell(composite, config, tier);
  }
}

/** The only member's own words, runbook included: people read this message and no other. */
const descriptionOf = ({ tier, members, name }: AlarmGroup): string => {
  const [only, ...more] = members;
  if (only !== undefined && more.length === 0) return describe(only);
  return `${tier}: one or more alarms of ${name} ring, each with its runbook. Runbook: docs/runbooks/alarm-groups.md`;
};
