// Owns when the payer from outside has found something: two of three runs failed, or did not come.
// Leaves to stacks/outside.ts how often it runs.
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { BELOW, type Threshold } from './signal.ts';

/** Percent of the runs of a period, which has one. */
export const outsidePaymentsFailing = (canaryName: string, everyMinutes: number): Threshold => ({
  metric: new Metric({
    namespace: 'CloudWatchSynthetics',
    metricName: 'SuccessPercent',
    dimensionsMap: { CanaryName: canaryName },
    statistic: Stats.AVERAGE,
    period: Duration.minutes(everyMinutes),
  }),
  threshold: 100,
  comparison: BELOW,
  periods: 3,
  breaches: 2,
  missing: 'silent is bad',
});
