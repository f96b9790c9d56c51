// Owns the list of alarms: how bad each is, what it means, what explains it, where its runbook is. One that is not here is not made.
// Leaves to signals.ts what each looks at, to areas.ts what the areas mean, to groups.ts who speaks for those that are held back.
import { QUEUES, type QueueSlug } from '../../lambdas/shared/names.ts';
import type { Area, Tier } from './areas.ts';
import { type ErrorsSlug, errorsEntries } from './function-errors.ts';
import { type GoldenSlug, goldenEntries } from './route-groups.ts';

interface Entry<Name extends string = string> {
  readonly slug: Name;
  readonly tier: Tier;
  /** Whether a lost Region explains it. */
  readonly area: Area;
  /** Of an alarm that rings only while several others do, made for it alone: what its name is followed by in theirs. */
  readonly parts?: readonly string[];
  /** One sentence: what is going on when it fires. */
  readonly meaning: string;
}

const SINGLE_ALARMS = [
  {
    slug: 'view-rehydration',
    tier: 'P1',
    area: 'work',
    meaning: 'the view of this Region lacks facts and is rebuilt: lookups read the ledger, or nobody knows',
  },
  {
    slug: 'breaker-opened',
    tier: 'P2',
    area: 'work',
    meaning: 'something that functions depend on is away, again and again: work waits, lookups read the ledger',
  },
  {
    slug: 'reconciliation-difference',
    tier: 'P1',
    area: 'money',
    meaning: 'the processor’s report and the ledger do not say the same: money may be wrong',
  },
  {
    slug: 'facts-repaired',
    tier: 'P1',
    area: 'money',
    meaning: 'facts or sums were damaged or gone, and have been put right from a copy: find out by what',
  },
  {
    slug: 'scrub-silent',
    tier: 'P1',
    area: 'work',
    meaning: 'nobody goes over ledger and view in this Region, and nothing else says so: damage would stay unseen',
  },
  {
    slug: 'backups-failed',
    tier: 'P2',
    area: 'work',
    meaning:
      'a backup of the tables, or its copy to another vault, was not made: the last one is older than it should be',
  },
  {
    slug: 'seal-difference',
    tier: 'P0',
    area: 'money',
    meaning: 'what was sealed is not in the ledger as it was sealed, or a chain of seals is broken: facts are in doubt',
  },
  {
    slug: 'seal-unverified',
    tier: 'P1',
    area: 'pair',
    meaning: 'this Region cannot confirm for minutes what was sealed, or nobody looks',
  },
  {
    slug: 'view-mended',
    tier: 'P1',
    area: 'work',
    meaning: 'this Region’s view lacked facts that were sealed, and got them from the ledger: its stream loses some',
  },
  {
    slug: 'archive-difference',
    tier: 'P1',
    area: 'money',
    meaning: 'an object of the archive is not what its seal says: one copy of those facts is gone',
  },
  {
    slug: 'region-unhealthy',
    tier: 'P1',
    area: 'region',
    meaning: 'this Region says that it cannot take payments, or says nothing',
  },
  {
    slug: 'ledger-refusals',
    tier: 'P0',
    area: 'payers',
    meaning: 'the ledger refuses writes, minute after minute: payers get 503 here',
  },
  {
    slug: 'corrupt-fact',
    tier: 'P0',
    area: 'money',
    meaning: 'a fact was changed, removed or damaged behind the application’s back',
  },
  {
    slug: 'dispatch-failures',
    tier: 'P1',
    area: 'work',
    meaning: 'facts do not get from the stream onto the queues: charges and notices of this Region wait',
  },
  {
    slug: 'clock-skew',
    tier: 'P1',
    area: 'payers',
    meaning: 'a clock is off: facts that would follow a later one are refused',
  },
  {
    slug: 'projection-lag',
    tier: 'P1',
    area: 'work',
    meaning: 'views of this Region are old, or nothing comes through the stream at all',
  },
  {
    slug: 'projection-iterator-age',
    tier: 'P2',
    area: 'work',
    meaning: 'the projector is behind its stream: views of this Region get older',
  },
  {
    slug: 'projection-failures',
    tier: 'P1',
    area: 'work',
    meaning: 'facts were given up by the stream worker and lie in the failure queue',
  },
  {
    slug: 'both-regions-unhealthy',
    tier: 'P0',
    area: 'region',
    meaning: 'no Region can take payments: payers are refused',
  },
  {
    slug: 'peer-unhealthy',
    tier: 'P0',
    area: 'outlook',
    meaning: 'the other Region is lost: this one serves alone, without a spare',
  },
  {
    slug: 'routing-silent',
    tier: 'P0',
    area: 'outlook',
    meaning: 'DNS leads payers nowhere: no Region is found under their hostname',
  },
  {
    slug: 'peer-probe-silent',
    tier: 'P1',
    area: 'outlook',
    meaning: 'this Region no longer looks at its peer: the loss of the other would not be told',
  },
  {
    slug: 'replication-lag',
    tier: 'P1',
    area: 'pair',
    meaning: 'the other Region’s facts come late, or not at all, and nobody is lost',
  },
  {
    slug: 'slo-fast-burn',
    tier: 'P0',
    area: 'payers',
    parts: ['1h', '5m'],
    meaning: 'payers fail so often that the month’s error budget is gone in two days',
  },
  {
    slug: 'slo-medium-burn',
    tier: 'P1',
    area: 'payers',
    parts: ['6h', '30m'],
    meaning: 'payers fail so often that the month’s error budget is gone in five days',
  },
  {
    slug: 'slo-slow-burn',
    tier: 'P2',
    area: 'payers',
    parts: ['3d', '6h'],
    meaning: 'payers fail so often that the month’s error budget will not last',
  },
  {
    slug: 'payments-traffic',
    tier: 'P2',
    area: 'pair',
    meaning: 'many more or far fewer payments than at this time of other weeks',
  },
  {
    slug: 'total-traffic',
    tier: 'P2',
    area: 'pair',
    meaning: 'many more or far fewer requests than at this time of other weeks',
  },
  {
    slug: 'api-throttles',
    tier: 'P1',
    area: 'payers',
    meaning: 'functions of the API are throttled: some requests are answered 503 before any code runs',
  },
  {
    slug: 'worker-throttles',
    tier: 'P2',
    area: 'work',
    meaning: 'workers are throttled: what waits on queues and streams gets older',
  },
  {
    slug: 'deployment-rolled-back',
    tier: 'P1',
    area: 'change',
    meaning: 'a new version was stopped and taken back: what should be live is not',
  },
  {
    slug: 'certificate-expiry',
    tier: 'P1',
    area: 'change',
    meaning: 'the certificate of the API was not renewed: in days no client will connect',
  },
] as const satisfies readonly Entry[];

/** Made in the third Region, where the config asks for a payer there; it stands alone, since no alarm looks into another Region. */
const OUTSIDE_ALARMS = [
  {
    slug: 'outside-payments-failing',
    tier: 'P1',
    area: 'region',
    meaning:
      'a payer in a third Region cannot pay or does not see the payment, whatever both Regions say of themselves',
  },
] as const satisfies readonly Entry[];
export type OutsideSlug = (typeof OUTSIDE_ALARMS)[number]['slug'];

type QueueAlarmSlug = `${QueueSlug}-${'oldest-age' | 'dead-letters'}`;
export type AlarmSlug = (typeof SINGLE_ALARMS)[number]['slug'] | OutsideSlug | ErrorsSlug | GoldenSlug | QueueAlarmSlug;
export type AlarmEntry = Entry<AlarmSlug>;

/** What it means that work lies on a queue, and how bad it is when it does not come off. */
const QUEUE_WORK: Readonly<Record<QueueSlug, { readonly tier: Tier; readonly waiting: string }>> = {
  intake: { tier: 'P2', waiting: 'readings that were acknowledged are not stored' },
  'bill-runs': { tier: 'P2', waiting: 'accounts of a billing run have no bill yet' },
  settlements: { tier: 'P1', waiting: 'payments or refunds that were acknowledged are not carried out' },
  notices: { tier: 'P2', waiting: 'payers are not told of what happened to their account' },
  archive: { tier: 'P2', waiting: 'sealed facts have no copy in the archive of this Region yet' },
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
    { slug: oldestAge, tier, area: 'work', meaning: `${queue} is not worked fast enough: ${waiting}` },
    { slug: deadLetters, tier, area: 'work', meaning: `${queue} gave messages up: ${waiting} until they are redriven` },
  ];
};

export const ALARMS: readonly AlarmEntry[] = [
  ...errorsEntries,
  ...SINGLE_ALARMS,
  ...goldenEntries,
  ...QUEUES.flatMap(queueEntries),
];

/** Of every Region that serves, and of the one that looks from outside. */
export const ALL_ALARMS: readonly AlarmEntry[] = [...ALARMS, ...OUTSIDE_ALARMS];

export const alarmOf = (slug: AlarmSlug): AlarmEntry => {
  const entry = ALL_ALARMS.find((one) => one.slug === slug);
  if (entry === undefined) throw new Error(`alarm ${slug} is not in the registry: add it to lib/alarms/registry.ts`);
  return entry;
};

/** In the repository, and under the same path wherever its pages are shown. */
export const runbookPath = (slug: AlarmSlug): string => `docs/runbooks/${slug}.md`;

/** What every message of an alarm begins with. */
export const describe = ({ tier, meaning, slug }: AlarmEntry): string =>
  `${tier}: ${meaning}. Runbook: ${runbookPath(slug)}`;
