// Owns one Region that serves payers: its API, functions, views and its place in DNS. It deploys while the other is down.
// Leaves to lib/constructs what each capability is made of; it knows ledger, keys and alarms by name only.
import { Stack, type StackProps } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { queueAlarms } from '../alarms/registry.ts';
import type { BaseloadConfig } from '../config.ts';
import { ApiDomains } from '../constructs/api-domains.ts';
import { ArchiveBucket } from '../constructs/archive-bucket.ts';
import { acknowledgeArchivedObjects } from '../constructs/archive-grants.ts';
import { type ApiSlug, BillingApi } from '../constructs/billing-api.ts';
import { BillingFunction } from '../constructs/billing-function.ts';
import { Canary } from '../constructs/canary.ts';
import { grantsOf } from '../constructs/function-grants.ts';
import { NoticeMail } from '../constructs/notice-mail.ts';
import { acknowledgeSeeingAlarms } from '../constructs/paging-grants.ts';
import { addRegionOutputs } from '../constructs/region-outputs.ts';
import { RegionRouting } from '../constructs/region-routing.ts';
import { RegionTables } from '../constructs/region-tables.ts';
import { Schedule } from '../constructs/schedule.ts';
import { StreamWorker } from '../constructs/stream-worker.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { type CodeOf, ownKey, peerOf, type RegionScope } from '../region-scope.ts';

/** Night in the Americas, morning in Europe. */
const BILL_RUN_HOUR_UTC = 6;

/** Six hours after the end of the day and later (CLOSED_MS in lambdas/reconcile), beside the bill run's hour. */
const RECONCILE_HOURS_UTC = '8-20';

export interface RegionStackProps extends StackProps {
  readonly config: BaseloadConfig;
  readonly codeOf: CodeOf;
}

export class RegionStack extends Stack {
  constructor(parent: Construct, id: string, { config, codeOf, ...props }: RegionStackProps) {
    super(parent, id, props);
    const scope: RegionScope = {
      stack: this,
      region: this.region,
      peer: peerOf(this.region, config),
      config,
      key: ownKey(this, config),
      codeOf,
    };
    const billingFunction = (name: string, slug: Parameters<typeof grantsOf>[1]): BillingFunction =>
      new BillingFunction(this, name, { scope, slug, grants: grantsOf(scope, slug) });

    new RegionTables(this, 'Tables', scope);
    const streamWorker = new StreamWorker(this, 'StreamWorker', scope);
    const sweep = billingFunction('Sweep', 'sweep');
    new Schedule(this, 'SweepSchedule', {
      scope,
      target: sweep,
      expression: 'rate(5 minutes)',
      // The next one comes before a third try would.
      maximumRetryAttempts: 2,
    });
    const rehydrateView = billingFunction('RehydrateView', 'rehydrate-view');
    new Schedule(this, 'RehydrateViewSchedule', {
      scope,
      target: rehydrateView,
      // One read while the view is whole.
      expression: 'rate(1 minute)',
      maximumRetryAttempts: 0,
    });
    const scrub = billingFunction('Scrub', 'scrub');
    new Schedule(this, 'ScrubSchedule', {
      scope,
      target: scrub,
      // What somebody met is repaired within a minute; the rest is gone over page by page.
      expression: 'rate(1 minute)',
      maximumRetryAttempts: 0,
    });
    const settlePayment = billingFunction('SettlePayment', 'settle-payment');
    new WorkQueue(this, 'Settlements', {
      scope,
      queue: 'settlements',
      worker: settlePayment,
      alarms: queueAlarms('settlements'),
      batchSize: 10,
      // A hundred payments at once, some 50 a second: half of what Stripe takes of one account (100 requests a second).
      maximumConcurrency: 10,
    });
    const sealWindows = billingFunction('SealWindows', 'seal-windows');
    new Schedule(this, 'SealWindowsSchedule', {
      scope,
      target: sealWindows,
      // As often as a window ends.
      expression: 'rate(1 minute)',
      maximumRetryAttempts: 0,
    });
    const reconcile = billingFunction('Reconcile', 'reconcile');
    new Schedule(this, 'ReconcileSchedule', {
      scope,
      target: reconcile,
      // A day is compared the morning after; each later run goes on where one ended. The second Region half an hour after.
      expression: `cron(${30 * config.regions.indexOf(this.region)} ${RECONCILE_HOURS_UTC} * * ? *)`,
      // The next one comes within the hour.
      maximumRetryAttempts: 2,
    });
    const probePeer = billingFunction('ProbePeer', 'probe-peer');
    new Schedule(this, 'ProbePeerSchedule', {
      scope,
      target: probePeer,
      expression: 'rate(1 minute)',
      // It tries by itself, and the next one comes before a retry would say anything new.
      maximumRetryAttempts: 0,
    });
    const redrive = billingFunction('Redrive', 'redrive');
    acknowledgeSeeingAlarms(redrive, scope);
    if (config.remediation === 'on') {
      new Schedule(this, 'RedriveSchedule', {
        scope,
        target: redrive,
        // Dead letters keep for 14 days: minutes do not count.
        expression: 'rate(5 minutes)',
        maximumRetryAttempts: 0,
      });
    }
    new NoticeMail(this, 'NoticeMail', scope);
    const sendNotice = billingFunction('SendNotice', 'send-notice');
    new WorkQueue(this, 'Notices', {
      scope,
      queue: 'notices',
      worker: sendNotice,
      alarms: queueAlarms('notices'),
      batchSize: 10,
      // Fifty at once: a receiver that is slow shall not be flooded when it is back.
      maximumConcurrency: 5,
    });
    new ArchiveBucket(this, 'Archive', scope);
    const archiveFacts = billingFunction('ArchiveFacts', 'archive-facts');
    acknowledgeArchivedObjects(archiveFacts, scope);
    new WorkQueue(this, 'ArchiveQueue', {
      scope,
      queue: 'archive',
      worker: archiveFacts,
      alarms: queueAlarms('archive'),
      batchSize: 10,
      // Some thirty seals a second, of which the busiest minute makes 64.
      maximumConcurrency: 3,
    });
    const storeReadings = billingFunction('StoreReadings', 'store-readings');
    new WorkQueue(this, 'Intake', {
      scope,
      queue: 'intake',
      worker: storeReadings,
      alarms: queueAlarms('intake'),
      batchSize: 10,
      // Half of what is reserved: a flood of files waits on the queue, not on the tables that payments share.
      maximumConcurrency: 10,
    });
    const startBillRun = billingFunction('StartBillRun', 'start-bill-run');
    new Schedule(this, 'BillRunSchedule', {
      scope,
      target: startBillRun,
      // From the second day on the month is over in every zone; a week, since readings come late. The second Region an hour after.
      expression: `cron(0 ${BILL_RUN_HOUR_UTC + config.regions.indexOf(this.region)} 2-8 * ? *)`,
      maximumRetryAttempts: 2,
    });
    const issueBills = billingFunction('IssueBills', 'issue-bills');
    new WorkQueue(this, 'BillRuns', {
      scope,
      queue: 'bill-runs',
      worker: issueBills,
      alarms: queueAlarms('bill-runs'),
      batchSize: 10,
      // Nobody waits for a bill: half of what is reserved, and payments never compete with a run for the ledger.
      maximumConcurrency: 10,
    });
    const functions: Readonly<Record<ApiSlug, BillingFunction>> = {
      payments: billingFunction('Payments', 'payments'),
      operations: billingFunction('Operations', 'operations'),
      lookup: billingFunction('Lookup', 'lookup'),
      tariffs: billingFunction('Tariffs', 'tariffs'),
      readings: billingFunction('Readings', 'readings'),
      health: billingFunction('Health', 'health'),
    };
    // Only what serves traffic shifts slowly: replica-stream runs while a stack is deployed, the sweep every 5 min.
    new Canary(this, 'Canary', {
      scope,
      functions: [
        ...Object.values(functions),
        streamWorker.worker,
        settlePayment,
        sendNotice,
        issueBills,
        storeReadings,
        archiveFacts,
      ],
    });

    const billingApi = new BillingApi(this, 'BillingApi', { scope, functions });
    const { api, stage } = billingApi;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: config.hostedZone.id,
      zoneName: config.hostedZone.name,
    });
    const domains = new ApiDomains(this, 'Domains', { scope, zone, api, stage });
    new RegionRouting(this, 'Routing', { scope, zone, domains });
    addRegionOutputs(scope, { api: billingApi, streamWorker });
  }
}
