// Owns the alarms of one Region and the topics they tell. Deployed before the Region stack, whose canaries roll back on them.
// Leaves to lib/alarms which alarms there are and what they look at.
import { Aws, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { alarmName } from '../alarms/names.ts';
import { ALARMS, runbookPath, TIERS, type Tier } from '../alarms/registry.ts';
import { signals, treatMissing } from '../alarms/signals.ts';
import type { BaseloadConfig } from '../config.ts';
import { ownKey } from '../region-scope.ts';

export interface AlarmsStackProps extends StackProps {
  readonly config: BaseloadConfig;
}

export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: AlarmsStackProps) {
    super(scope, id, props);
    const key = ownKey(this, config);
    const topics = Object.fromEntries(TIERS.map((tier) => [tier, tierTopic(this, tier, key, config)])) as Record<
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
    const signalOf = signals(config);
    for (const { slug, tier, meaning } of ALARMS) {
      const signal = signalOf[slug];
      const alarm = new Alarm(this, slug, {
        alarmName: alarmName(config, slug),
        alarmDescription: `${tier}: ${meaning}. Runbook: ${runbookPath(slug)}`,
        metric: signal.metric,
        threshold: signal.threshold,
        comparisonOperator: signal.comparison,
        evaluationPeriods: signal.periods,
        datapointsToAlarm: signal.breaches,
        treatMissingData: treatMissing(signal),
      });
      const tell = new SnsAction(topics[tier]);
      alarm.addAlarmAction(tell);
      alarm.addOkAction(tell);
    }
  }
}

const tierTopic = (stack: Stack, tier: Tier, key: IKey, config: BaseloadConfig): Topic => {
  const topic = new Topic(stack, `Topic${tier}`, {
    topicName: `baseload-${config.jurisdiction}-alarms-${tier}`,
    displayName: `Baseload ${config.jurisdiction} ${tier} in ${stack.region}`,
    masterKey: key,
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
