// Owns the list of alarms: how bad each is, what it means, where its runbook is. An alarm that is not here is not made.
// Leaves to signals.ts what each looks at.
import { QUEUES, type QueueSlug, type Slug } from '../../lambdas/shared/names.ts';

/** P0: payers are refused or money is wrong, wake somebody. P1: a promise is at risk, act within the hour. P2: within the day. */
export type Tier = 'P0' | 'P1' | 'P2';
export const TIERS = ['P0', 'P1', 'P2'] as const satisfies readonly Tier[];

/** The functions whose errors somebody is told of; where a new version takes over slowly they roll it back. */
export const WATCHED_SLUGS = [
  'payments',
  'operations',
  'lookup',
  'health',
  'project-facts',
  'rehydrate-view',
  'sweep',
  'tariffs',
  'readings',
  'store-readings',
  'issue-bills',
  'start-bill-run',
  'settle-payment',
  'send-notice',
  'reconcile',
] as const satisfies readonly Slug[];
type WatchedSlug = (typeof WATCHED_SLUGS)[number];

interface Entry<Name extends string = string> {
  readonly slug: Name;
  readonly tier: Tier;
  /** One sentence: what is going on when it fires. */
  readonly meaning: string;
}

const SINGLE_ALARMS = [
  { slug: 'payments-errors', tier: 'P1', meaning: 'payments fail in a way that the code did not foresee' },
  { slug: 'operations-errors', tier: 'P1', meaning: 'operators’ requests fail in a way that the code did not foresee' },
  { slug: 'lookup-errors', tier: 'P1', meaning: 'lookups fail in a way that the code did not foresee' },
  { slug: 'health-errors', tier: 'P1', meaning: '/health itself fails: the Region looks unhealthy without being so' },
  {
    slug: 'project-facts-errors',
    tier: 'P1',
    meaning: 'the projector fails as a whole: views of this Region stand still',
  },
  { slug: 'tariffs-errors', tier: 'P2', meaning: 'tariffs and meters cannot be changed for a reason nobody foresaw' },
  { slug: 'readings-errors', tier: 'P2', meaning: 'readings are refused for a reason that the code did not foresee' },
  {
    slug: 'store-readings-errors',
    tier: 'P2',
    meaning: 'the worker of intake fails as a whole: readings wait on the queue',
  },
  { slug: 'issue-bills-errors', tier: 'P2', meaning: 'the worker of bill runs fails as a whole: bills are not issued' },
  { slug: 'start-bill-run-errors', tier: 'P2', meaning: 'a bill run was not started, or not for every account' },
  { slug: 'rehydrate-view-errors', tier: 'P2', meaning: 'nobody looks whether the view is whole, or rebuilds it' },
  {
    slug: 'view-rehydration',
    tier: 'P1',
    meaning: 'the view of this Region lacks facts and is rebuilt: lookups read the ledger, or nobody knows',
  },
  {
    slug: 'breaker-opened',
    tier: 'P2',
    meaning: 'something that functions depend on is away, again and again: work waits, lookups read the ledger',
  },
  { slug: 'sweep-errors', tier: 'P2', meaning: 'payments that were left open are not looked for, or not all of them' },
  {
    slug: 'settle-payment-errors',
    tier: 'P1',
    meaning: 'the worker of settlements fails as a whole: payments are not charged, refunds are not sent',
  },
  { slug: 'send-notice-errors', tier: 'P2', meaning: 'the worker of notices fails as a whole: payers are not told' },
  {
    slug: 'reconcile-errors',
    tier: 'P2',
    meaning: 'a day is not compared with the processor’s report, or not all of it',
  },
  {
    slug: 'reconciliation-difference',
    tier: 'P1',
    meaning: 'the processor’s report and the ledger do not say the same: money may be wrong',
  },
  { slug: 'region-unhealthy', tier: 'P1', meaning: 'this Region says that it cannot take payments, or says nothing' },
  {
    slug: 'ledger-refusals',
    tier: 'P0',
    meaning: 'the ledger refuses writes, minute after minute: payers get 503 here',
  },
  { slug: 'corrupt-fact', tier: 'P0', meaning: 'a fact was changed, removed or damaged behind the application’s back' },
  {
    slug: 'dispatch-failures',
    tier: 'P1',
    meaning: 'facts do not get from the stream onto the queues: charges and notices of this Region wait',
  },
  { slug: 'clock-skew', tier: 'P1', meaning: 'a clock is off: facts that would follow a later one are refused' },
  {
    slug: 'projection-lag',
    tier: 'P1',
    meaning: 'views of this Region are old, or nothing comes through the stream at all',
  },
  {
    slug: 'projection-iterator-age',
    tier: 'P2',
    meaning: 'the projector is behind its stream: views of this Region get older',
  },
  {
    slug: 'projection-failures',
    tier: 'P1',
    meaning: 'facts were given up by the stream worker and lie in the failure queue',
  },
] as const satisfies readonly Entry[];

type QueueAlarmSlug = `${QueueSlug}-${'oldest-age' | 'dead-letters'}`;
export type AlarmSlug = (typeof SINGLE_ALARMS)[number]['slug'] | QueueAlarmSlug;
export type AlarmEntry = Entry<AlarmSlug>;

/** What it means that work lies on a queue, and how bad it is when it does not come off. */
const QUEUE_WORK: Readonly<Record<QueueSlug, { readonly tier: Tier; readonly waiting: string }>> = {
  intake: { tier: 'P2', waiting: 'readings that were acknowledged are not stored' },
  'bill-runs': { tier: 'P2', waiting: 'accounts of a billing run have no bill yet' },
  settlements: { tier: 'P1', waiting: 'payments or refunds that were acknowledged are not carried out' },
  notices: { tier: 'P2', waiting: 'payers are not told of what happened to their account' },
};

/** The alarms that every queue has: its messages grow old, or were given up. */
export const queueAlarms = (
  queue: QueueSlug,
): { readonly oldestAge: QueueAlarmSlug; readonly deadLetters: QueueAlarmSlug } => ({
  oldestAge: `${queue}-oldest-age`,
  deadLetters: `${queue}-dead-letters`,
});

const queueEntries = (queue: QueueSlug): readonly AlarmEntry[] => {
  const { tier, waiting } = QUEUE_WORK[queue];
  const { oldestAge, deadLetters } = queueAlarms(queue);
  return [
    { slug: oldestAge, tier, meaning: `${queue} is not worked fast enough: ${waiting}` },
    { slug: deadLetters, tier, meaning: `${queue} gave messages up: ${waiting} until they are redriven` },
  ];
};

export const ALARMS: readonly AlarmEntry[] = [...SINGLE_ALARMS, ...QUEUES.flatMap(queueEntries)];

export const alarmOf = (slug: AlarmSlug): AlarmEntry => {
  const entry = ALARMS.find((one) => one.slug === slug);
  if (entry === undefined) throw new Error(`alarm ${slug} is not in the registry: add it to lib/alarms/registry.ts`);
  return entry;
};

/** Of the alarm on a function's errors. @throws Error when the function is not one of those watched. */
export const functionErrorsSlug = (slug: Slug): AlarmSlug => {
  const watched: readonly Slug[] = WATCHED_SLUGS;
  if (!watched.includes(slug)) throw new Error(`${slug} has no alarm on its errors: add it to WATCHED_SLUGS`);
  return `${slug as WatchedSlug}-errors`;
};

/** In the repository, and under the same path wherever its pages are shown. */
export const runbookPath = (slug: AlarmSlug): string => `docs/runbooks/${slug}.md`;
