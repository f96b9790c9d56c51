// Owns the promise to payers, 99.95 % of requests in 30 days, and how fast its error budget may go before somebody is told.
// Leaves to router.ts what counts as failed. Every Region watches its own answers: no alarm can look into another Region, and where
// all Regions together burn that fast, one of them does.
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../lambdas/shared/metric-names.ts';
import { REGION_WIDE_SERVICE } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { ofAlias, ofFunction, own, total } from './metrics.ts';
import { AT_LEAST, type Parts, type Threshold } from './signal.ts';

const TARGET = 0.9995;

/** In a quiet hour two failures of ten are 20 %, and nobody shall be woken for two: only more than these are a trend. */
const LEAST_FAILURES = 10;

interface Window {
  readonly period: Duration;
  readonly periods: number;
  /** Fewer failures than these in a period are none. */
  readonly leastFailures: number;
}

const once = (period: Duration, leastFailures: number): Window => ({ period, periods: 1, leastFailures });

interface BurnRate {
  /** How many times faster than 30 days the budget goes. */
  readonly rate: number;
  /** The long window says that it matters, the short one that it still goes on. */
  readonly windows: Readonly<Record<string, Window>>;
}

/** Source: The Site Reliability Workbook, Google, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". */
const BURN_RATES: Readonly<Record<'slo-fast-burn' | 'slo-medium-burn' | 'slo-slow-burn', BurnRate>> = {
  'slo-fast-burn': {
    rate: 14.4,
    windows: { '1h': once(Duration.hours(1), LEAST_FAILURES), '5m': once(Duration.minutes(5), 1) },
  },
  'slo-medium-burn': {
    rate: 6,
    windows: { '6h': once(Duration.hours(6), LEAST_FAILURES), '30m': once(Duration.minutes(30), 1) },
  },
  'slo-slow-burn': {
    rate: 1,
    // Three days as three periods, within CloudWatch's bounds (periods of an hour or more may cover seven days, shorter ones one):
    // each of them over the budget is stricter than their mean, and one bad day is for the other two alarms.
    windows: {
      '3d': { period: Duration.days(1), periods: 3, leastFailures: LEAST_FAILURES },
      '6h': once(Duration.hours(6), 1),
    },
  },
};

/** Called by payers: what crashes or is throttled here has no answer of ours to be counted by. */
const PAYERS_FUNCTIONS = ['payments', 'lookup'] as const;

/** Not API Gateway's own count: it mixes payers with the checkers of /health, whose 503 is a working state. */
const failedShare = (config: BaseloadConfig, { period, leastFailures }: Window): MathExpression => {
  const unanswered = Object.fromEntries(
    PAYERS_FUNCTIONS.flatMap((slug) => [
      [`${slug}Crashed`, ofAlias(config, slug, 'Errors', Stats.SUM)],
      [`${slug}Throttled`, ofFunction(config, slug, 'Throttles', Stats.SUM)],
    ]),
  );
  const refused = own(REGION_WIDE_SERVICE, METRICS.apiUnavailable, Stats.SUM);
  const answered = own(REGION_WIDE_SERVICE, METRICS.apiUnavailable, Stats.SAMPLE_COUNT);
  return new MathExpression({
    expression: `IF(failed >= ${leastFailures}, failed / asked, 0)`,
    usingMetrics: {
      failed: total({ refused, ...unanswered }, 'failed', period),
      asked: total({ answered, ...unanswered }, 'asked', period),
    },
    label: 'share of requests that failed',
    period,
  });
};

const watched = (config: BaseloadConfig, rate: number, window: Window): Threshold => ({
  metric: failedShare(config, window),
  threshold: Number((rate * (1 - TARGET)).toFixed(6)),
  comparison: AT_LEAST,
  periods: window.periods,
  breaches: window.periods,
  missing: 'silent is fine',
});

export const sloSignals = (config: BaseloadConfig) => {
  const burn = (slug: keyof typeof BURN_RATES): Parts => {
    const { rate, windows } = BURN_RATES[slug];
    const parts = Object.entries(windows).map(([name, window]) => [name, watched(config, rate, window)] as const);
    return { parts: Object.fromEntries(parts) };
  };
  return {
    'slo-fast-burn': burn('slo-fast-burn'),
    'slo-medium-burn': burn('slo-medium-burn'),
    'slo-slow-burn': burn('slo-slow-burn'),
  };
};
