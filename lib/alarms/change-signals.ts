// Owns the signals of what people change, or forget to: a deployment that was taken back, a certificate that runs out.
// Leaves to constructs/rollbacks.ts the rule whose matches are counted, to api-domains.ts the certificate.
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { BaseloadConfig } from '../config.ts';
import { rollbacksRuleName } from '../names.ts';
import { AT_LEAST, BELOW, type Threshold } from './signal.ts';

/** One event is one deployment that did not go through. Three hours, so that it is not over before somebody has looked. */
export const rolledBack = ({ jurisdiction }: BaseloadConfig): Threshold => ({
  metric: new Metric({
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensionsMap: { RuleName: rollbacksRuleName(jurisdiction) },
    statistic: Stats.SUM,
    period: Duration.hours(3),
  }),
  threshold: 1,
  comparison: AT_LEAST,
  periods: 1,
  breaches: 1,
  missing: 'silent is fine',
});

/** ACM renews 45 days before the end (60, of certificates of 13 months): where 30 are left, it has tried for two weeks and failed. */
export const certificateExpiry = (certificateArn: string): Threshold => ({
  metric: new Metric({
    namespace: 'AWS/CertificateManager',
    metricName: 'DaysToExpiry',
    dimensionsMap: { CertificateArn: certificateArn },
    statistic: Stats.MINIMUM,
    // ACM publishes twice a day.
    period: Duration.days(1),
  }),
  threshold: 30,
  comparison: BELOW,
  periods: 1,
  breaches: 1,
  // ACM says nothing more of a certificate that has ended: the alarm must not end with it.
  missing: 'silent says nothing',
});
