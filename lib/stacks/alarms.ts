// Owns the alarms of one Region and the topics they tell. Deployed before the Region stack, whose canaries roll back on them.
// Leaves to lib/alarms which alarms there are and what they look at.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type AlarmBase, AlarmRule, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { TIERS, type Tier } from '../alarms/areas.ts';
import { ALARM_GROUPS, REGION_LOST } from '../alarms/groups.ts';
import { nameInTier } from '../alarms/names.ts';
import { ALARMS, type AlarmSlug } from '../alarms/registry.ts';
import { isEarly, signals } from '../alarms/signals.ts';
import type { BaseloadConfig } from '../config.ts';
import { AlarmGroupAlarm } from '../constructs/alarm-group.ts';
import { AlarmTeller } from '../constructs/alarm-teller.ts';
import { BillingAlarm } from '../constructs/billing-alarm.ts';
import { GlobalDashboard, RegionDashboard } from '../constructs/dashboards.ts';
import { Rollbacks } from '../constructs/rollbacks.ts';
import { tierTopic } from '../constructs/tier-topic.ts';
import { type CodeOf, ownKey, peerOf, type RegionScope } from '../region-scope.ts';

export interface AlarmsStackProps extends StackProps {
  readonly config: BaseloadConfig;
  readonly codeOf: CodeOf;
}

export class AlarmsStack extends Stack {
  constructor(parent: Construct, id: string, { config, codeOf, ...props }: AlarmsStackProps) {
    super(parent, id, props);
    const key = ownKey(this, config);
    const topics = Object.fromEntries(TIERS.map((tier) => [tier, tierTopic(this, tier, config, key)])) as Record<
      Tier,
      Topic
    >;
    for (const tier of TIERS) {
      const output = {
        value: topics[tier].topicArn,
        description: `Subscribe to it: every alarm of ${tier} in this Region`,
      };
      new CfnOutput(this, `Topic${tier}Arn`, output);
    }
    const { region } = this;
    const scope: RegionScope = { stack: this, region, peer: peerOf(region, config), config, key, codeOf };
    new AlarmTeller(this, 'EnrichAlarm', { scope, failedPages: topics.P0 });
    const made = this.makeAlarms(config);
    const regionLost = new CompositeAlarm(this, REGION_LOST.name, {
      compositeAlarmName: nameInTier(config, REGION_LOST.name, REGION_LOST.tier),
      alarmDescription: `${REGION_LOST.tier}: this Region or its peer is lost; holds back what that explains`,
      alarmRule: AlarmRule.anyOf(...REGION_LOST.every.map(made)),
    });
    for (const group of ALARM_GROUPS) {
      const explanation = group.quietWhile === 'a Region is lost' ? regionLost : made('region-unhealthy');
      new AlarmGroupAlarm(this, `${group.name}-${group.tier}`, { config, group, made, explanation });
    }
    new Rollbacks(this, 'Rollbacks', { config, key });
    new RegionDashboard(this, 'Dashboard', { config, region, made });
    // One for the account: two stacks would take it from each other.
    if (region === config.ownerRegion) new GlobalDashboard(this, 'GlobalDashboard', { config });
  }

  /** One that rings together with others comes after them. */
  private makeAlarms(config: BaseloadConfig): (slug: AlarmSlug) => AlarmBase {
    const signalOf = signals(config);
    const alarms = new Map<AlarmSlug, AlarmBase>();
    const made = (slug: AlarmSlug): AlarmBase => {
      if (!isEarly(slug))
        throw new Error(`${slug} is made in the Region stack: no alarm of the alarms stack can name it`);
      const found =
        alarms.get(slug) ?? new BillingAlarm(this, slug, { config, slug, signal: signalOf[slug], made }).alarm;
      alarms.set(slug, found);
      return found;
    };
    for (const { slug } of ALARMS) if (isEarly(slug)) made(slug);
    return made;
  }
}
