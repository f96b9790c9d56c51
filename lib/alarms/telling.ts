// Owns whom an alarm tells, when it fires and when it is over: the function that adds what else is known, or a topic itself.
// Leaves to alarm-teller.ts that function, to stacks/alarms.ts the topics, and to those who subscribe what they do.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { functionName, LIVE_ALIAS } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import type { Tier } from './areas.ts';
import { topicName } from './names.ts';
import type { AlarmSlug } from './registry.ts';

/** What is wrong with the function that enriches pages must not wait for it, and where nobody is served it does not run. */
const UNENRICHED: readonly (AlarmSlug | undefined)[] = ['enrich-alarm-errors', 'outside-payments-failing'];

/** `slug`: of an alarm of the registry; a group has none. */
export const tell = (alarm: AlarmBase, config: BaseloadConfig, tier: Tier, slug?: AlarmSlug): void => {
  // By name: alarms of the Region stack tell what is in the alarms stack.
  const told = UNENRICHED.includes(slug) ? topicOf(alarm, config, tier) : enricherOf(alarm, config);
  alarm.addAlarmAction(told);
  alarm.addOkAction(told);
};

const topicOf = (alarm: AlarmBase, config: BaseloadConfig, tier: Tier): SnsAction => {
  const topicArn = Stack.of(alarm).formatArn({ service: 'sns', resource: topicName(config, tier) });
  return new SnsAction(Topic.fromTopicArn(alarm, 'Told', topicArn));
};

/** The library's own action would add a permission for each alarm, more than a function's policy holds. */
const enricherOf = (alarm: AlarmBase, { jurisdiction }: BaseloadConfig) => {
  const alarmActionArn = Stack.of(alarm).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: `${functionName(jurisdiction, 'enrich-alarm')}:${LIVE_ALIAS}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { bind: () => ({ alarmActionArn }) };
};
