// Owns the pages that show one Region, and both side by side: what the alarms look at, drawn from the same registry.
// Leaves to lib/alarms what that is. CloudWatch keeps dashboards for the account, whichever Region made them.
import { Duration } from 'aws-cdk-lib';
import {
  type AlarmBase,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  GraphWidget,
  type IMetric,
  type Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '../../lambdas/shared/metric-names.ts';
import { QUEUES, queueName, REGION_WIDE_SERVICE } from '../../lambdas/shared/names.ts';
import { TIERS } from '../alarms/areas.ts';
import { ofAlias, onQueue, own } from '../alarms/metrics.ts';
import { ALARMS, type AlarmSlug, queueAlarms } from '../alarms/registry.ts';
import { ROUTE_GROUP_NAMES } from '../alarms/route-groups.ts';
import type { Signal } from '../alarms/signal.ts';
import { type EarlySlug, isEarly, signals } from '../alarms/signals.ts';
import type { BaseloadConfig } from '../config.ts';

const [HALF, THIRD, HIGH] = [12, 8, 6];

/** What is drawn together: a title and the alarms whose metrics these are. */
const GRAPHS: readonly (readonly [string, readonly EarlySlug[]])[] = [
  ['Failed share', ROUTE_GROUP_NAMES.map((name) => `${name}-unavailable` as const)],
  ['Latency, p99, ms', ROUTE_GROUP_NAMES.map((name) => `${name}-latency` as const)],
  ['Used share of what is reserved', ROUTE_GROUP_NAMES.map((name) => `${name}-saturation` as const)],
  ['Traffic in five minutes', ['payments-traffic', 'total-traffic']],
  ['Error budget: failed share in an hour', ['slo-fast-burn']],
  ['Health of this Region, of its peer, of routing', ['region-unhealthy', 'peer-unhealthy', 'routing-silent']],
  ['Lag of projection and replication, ms', ['projection-lag', 'replication-lag']],
  ['Oldest message, s', QUEUES.map((queue) => queueAlarms(queue).oldestAge)],
  ['Dead letters', QUEUES.map((queue) => queueAlarms(queue).deadLetters)],
  ['Seals not verified', ['seal-unverified']],
  ['Deployments taken back', ['deployment-rolled-back']],
];

export interface RegionDashboardProps {
  readonly config: BaseloadConfig;
  readonly region: string;
  readonly made: (slug: AlarmSlug) => AlarmBase;
}

/** One Region: its alarms by tier, and what they look at. */
export class RegionDashboard extends Construct {
  constructor(parent: Construct, id: string, { config, region, made }: RegionDashboardProps) {
    super(parent, id);
    const signalOf = signals(config);
    const states = TIERS.map((tier) => {
      const alarms = ALARMS.filter((alarm) => alarm.tier === tier && isEarly(alarm.slug)).map(({ slug }) => made(slug));
      const sortBy = AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP;
      return new AlarmStatusWidget({ title: tier, alarms, sortBy, width: THIRD, height: 2 * HIGH });
    });
    const graphs = GRAPHS.map(([title, slugs]) => {
      const left = slugs.map((slug) => drawn(signalOf[slug]));
      return new GraphWidget({ title, left, width: THIRD, height: HIGH });
    });
    new Dashboard(this, 'Default', {
      dashboardName: `baseload-${config.jurisdiction}-${region}`,
      defaultInterval: Duration.hours(3),
      widgets: [states, graphs],
    });
  }
}

/** What an alarm looks at; of parts the one that looks back longest, of alarms that ring together nothing of their own. */
const drawn = (signal: Signal): IMetric => {
  if ('metric' in signal) return signal.metric;
  const [longest] = 'parts' in signal ? Object.values(signal.parts) : [];
  if (longest === undefined) throw new Error('an alarm that rings with others has no metric to draw');
  return longest.metric;
};

/** Both Regions in each graph: who serves, how well, and what lies between them. */
export class GlobalDashboard extends Construct {
  constructor(parent: Construct, id: string, { config }: { readonly config: BaseloadConfig }) {
    super(parent, id);
    const failedShare = own(REGION_WIDE_SERVICE, METRICS.apiUnavailable, Stats.AVERAGE);
    const graphs: readonly (readonly [string, Metric])[] = [
      ['Requests a minute', own(REGION_WIDE_SERVICE, METRICS.apiUnavailable, Stats.SAMPLE_COUNT)],
      ['Payments a minute', own('payments', METRICS.paymentsAccepted, Stats.SUM)],
      ['Failed share', failedShare],
      ['Error budget: failed share in a day, 0.0005 uses it up', failedShare.with({ period: Duration.days(1) })],
      ['Payments, p99, ms', ofAlias(config, 'payments', 'Duration', Stats.p(99))],
      ['Lookups, p99, ms', ofAlias(config, 'lookup', 'Duration', Stats.p(99))],
      ['Health, as each Region says', own('health', METRICS.regionHealthy, Stats.AVERAGE)],
      ['Health, as its peer says', own('probe-peer', METRICS.peerHealthy, Stats.AVERAGE)],
      ['Replication lag, ms', own('project-facts', METRICS.replicationLagMs, Stats.MAXIMUM)],
      ['Oldest settlement, s', onQueue(queueName(config.jurisdiction, 'settlements'), 'ApproximateAgeOfOldestMessage')],
    ];
    new Dashboard(this, 'Default', {
      dashboardName: `baseload-${config.jurisdiction}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        graphs.map(([title, metric]) => {
          const left = config.regions.map((region) => metric.with({ region, label: region }));
          return new GraphWidget({ title, left, width: HALF, height: HIGH });
        }),
      ],
    });
  }
}
