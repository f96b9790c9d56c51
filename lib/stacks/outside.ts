// Owns the payer who looks from outside: a canary of CloudWatch Synthetics in the third Region of the jurisdiction, that of the witness.
// Leaves to outside/ what a run does, to D25 that its payments are nobody's. It knows both Regions by the payers' hostname only.
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Canary, type Code, Runtime, RuntimeFamily, Schedule, Test } from 'aws-cdk-lib/aws-synthetics';
import type { Construct } from 'constructs';
import { outsidePaymentsFailing } from '../alarms/outside-signals.ts';
import { alarmOf, type OutsideSlug } from '../alarms/registry.ts';
import type { BaseloadConfig } from '../config.ts';
import { BillingAlarm } from '../constructs/billing-alarm.ts';
import { outsideRole } from '../constructs/outside-grants.ts';
import { shortLivedBucket } from '../constructs/short-lived-bucket.ts';
import { tierTopic } from '../constructs/tier-topic.ts';

export type OutsidePayer = NonNullable<BaseloadConfig['outsidePayer']>;

export interface OutsideStackProps extends StackProps {
  readonly config: BaseloadConfig;
  readonly outsidePayer: OutsidePayer;
  readonly code: Code;
}

/** Without a browser. Source: CloudWatch user guide, "Runtime versions using Node.js"; the library's own list ends before it. */
const RUNTIME = new Runtime('syn-nodejs-5.2', RuntimeFamily.NODEJS);

const KEPT = Duration.days(31);
const PREFIX = 'runs';
const ALARM: OutsideSlug = 'outside-payments-failing';

export class OutsideStack extends Stack {
  constructor(parent: Construct, id: string, { config, outsidePayer, code, ...props }: OutsideStackProps) {
    super(parent, id, props);
    const { jurisdiction, hostname } = config;
    const { account, currency, everyMinutes } = outsidePayer;
    // At most 21 characters.
    const canaryName = `baseload-${jurisdiction}-payer`;
    const secretName = `baseload/${jurisdiction}/outside-payer`;
    const bucket = shortLivedBucket(this, 'Runs', {
      keptFor: KEPT,
      withoutAccessLog: 'holds logs of runs on a test account, for a month; a log of who read them tells nothing',
    });
    new Canary(this, 'Payer', {
      canaryName,
      runtime: RUNTIME,
      test: Test.custom({ code, handler: 'index.handler' }),
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      // Four requests of up to ten seconds.
      timeout: Duration.seconds(50),
      environmentVariables: {
        ORIGIN: `https://${hostname}`,
        ACCOUNT_ID: account,
        CURRENCY: currency,
        SLOT_MS: String(Duration.minutes(everyMinutes).toMilliseconds()),
        SECRET_NAME: secretName,
      },
      role: outsideRole(this, { config, canaryName, secretName, bucket, prefix: PREFIX }),
      artifactsBucketLocation: { bucket, prefix: PREFIX },
      successRetentionPeriod: KEPT,
      failureRetentionPeriod: KEPT,
    });
    // Of this Region: an alarm tells a topic beside it. It names an alarm and no account, so that no key of ours is needed here.
    tierTopic(this, alarmOf(ALARM).tier, config);
    new BillingAlarm(this, ALARM, { config, slug: ALARM, signal: outsidePaymentsFailing(canaryName, everyMinutes) });
    new CfnOutput(this, 'SecretName', {
      value: secretName,
      description: 'Make it in this Region: { "tokenUrl", "form" }, the client credentials of the test account',
    });
  }
}
