// Owns the list of alarms: how bad each is, what it means, where its runbook is. An alarm that is not here is not made.
// Leaves to signals.ts what each looks at.
import type { Slug } from '../../lambdas/shared/names.ts';

/** P0: payers are refused or money is wrong, wake somebody. P1: a promise is at risk, act within the hour. P2: within the day. */
export type Tier = 'P0' | 'P1' | 'P2';
export const TIERS = ['P0', 'P1', 'P2'] as const satisfies readonly Tier[];

/** The functions whose errors roll a new version back. */
export const WATCHED_SLUGS = [
  'payments',
  'operations',
  'lookup',
  'health',
  'project-facts',
] as const satisfies readonly Slug[];
type WatchedSlug = (typeof WATCHED_SLUGS)[number];

export interface AlarmEntry {
  readonly slug: string;
  readonly tier: Tier;
  /** One sentence: what is going on when it fires. */
  readonly meaning: string;
}

export const ALARMS = [
  { slug: 'payments-errors', tier: 'P1', meaning: 'payments fail in a way that the code did not foresee' },
  { slug: 'operations-errors', tier: 'P1', meaning: 'operators’ requests fail in a way that the code did not foresee' },
  { slug: 'lookup-errors', tier: 'P1', meaning: 'lookups fail in a way that the code did not foresee' },
  { slug: 'health-errors', tier: 'P1', meaning: '/health itself fails: the Region looks unhealthy without being so' },
  {
    slug: 'project-facts-errors',
    tier: 'P1',
    meaning: 'the projector fails as a whole: views of this Region stand still',
  },
  { slug: 'region-unhealthy', tier: 'P1', meaning: 'this Region says that it cannot take payments, or says nothing' },
  {
    slug: 'ledger-refusals',
    tier: 'P0',
    meaning: 'the ledger refuses writes, minute after minute: payers get 503 here',
  },
  { slug: 'corrupt-fact', tier: 'P0', meaning: 'a fact was changed, removed or damaged behind the application’s back' },
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
] as const satisfies readonly AlarmEntry[];

export type AlarmSlug = (typeof ALARMS)[number]['slug'];

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
