// Owns the topic that a tier's alarms of a Region tell: who may publish, and whom the config writes to.
// Leaves to lib/alarms which alarms are of which tier.
import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Tier } from '../alarms/areas.ts';
import { topicName } from '../alarms/names.ts';
import type { BaseloadConfig } from '../config.ts';

/** `key`: absent where messages name an alarm and no account. */
export const tierTopic = (stack: Stack, tier: Tier, config: BaseloadConfig, key?: IKey): Topic => {
  const topic = new Topic(stack, `Topic${tier}`, {
    topicName: topicName(config, tier),
    displayName: `Baseload ${config.jurisdiction} ${tier} in ${stack.region}`,
    ...(key === undefined ? {} : { masterKey: key }),
    enforceSSL: true,
  });
  // A policy of one's own replaces the default one, by which the account's alarms may publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  for (const email of config.alarmEmails?.[tier] ?? []) topic.addSubscription(new EmailSubscription(email));
  return topic;
};
