// Owns which functions are watched for what nobody foresaw, crashes and 500s, and how bad that is in each.
// Leaves to function-signals.ts how it is measured. Where a new version takes over slowly, these alarms roll it back.
import type { Slug } from '../../lambdas/shared/names.ts';
import type { Area, Tier } from './areas.ts';

interface Errors {
  readonly tier: Tier;
  readonly area: Area;
  /** One sentence: what is going on when it fires. */
  readonly meaning: string;
}

export const FUNCTION_ERRORS = {
  payments: { tier: 'P1', area: 'payers', meaning: 'payments fail in a way that the code did not foresee' },
  operations: {
    tier: 'P1',
    area: 'payers',
    meaning: 'operators’ requests fail in a way that the code did not foresee',
  },
  lookup: { tier: 'P1', area: 'payers', meaning: 'lookups fail in a way that the code did not foresee' },
  health: { tier: 'P1', area: 'payers', meaning: '/health itself fails: the Region looks unhealthy without being so' },
  'project-facts': {
    tier: 'P1',
    area: 'work',
    meaning: 'the projector fails as a whole: views of this Region stand still',
  },
  'rehydrate-view': { tier: 'P2', area: 'work', meaning: 'nobody looks whether the view is whole, or rebuilds it' },
  'probe-peer': {
    tier: 'P1',
    area: 'outlook',
    meaning: 'nobody looks at the other Region from here: its loss would not be told',
  },
  'enrich-alarm': {
    tier: 'P1',
    area: 'region',
    meaning: 'alarms of this Region are told without their context, all of them on the topic of P0',
  },
  scrub: {
    tier: 'P1',
    area: 'money',
    meaning: 'nobody goes over ledger and view, and what readers found damaged is not repaired',
  },
  sweep: { tier: 'P2', area: 'work', meaning: 'payments that were left open are not looked for, or not all of them' },
  tariffs: { tier: 'P2', area: 'payers', meaning: 'tariffs and meters cannot be changed for a reason nobody foresaw' },
  readings: { tier: 'P2', area: 'payers', meaning: 'readings are refused for a reason that the code did not foresee' },
  'store-readings': {
    tier: 'P2',
    area: 'work',
    meaning: 'the worker of intake fails as a whole: readings wait on the queue',
  },
  'issue-bills': {
    tier: 'P2',
    area: 'work',
    meaning: 'the worker of bill runs fails as a whole: bills are not issued',
  },
  'start-bill-run': { tier: 'P2', area: 'work', meaning: 'a bill run was not started, or not for every account' },
  'settle-payment': {
    tier: 'P1',
    area: 'work',
    meaning: 'the worker of settlements fails as a whole: payments are not charged, refunds are not sent',
  },
  'send-notice': { tier: 'P2', area: 'work', meaning: 'the worker of notices fails as a whole: payers are not told' },
  'seal-windows': {
    tier: 'P2',
    area: 'work',
    meaning: 'facts are not sealed here, nor seals verified, or not in every chain',
  },
  'archive-facts': {
    tier: 'P2',
    area: 'work',
    meaning: 'the worker of the archive fails as a whole: sealed facts are not archived',
  },
  redrive: {
    tier: 'P2',
    area: 'work',
    meaning: 'dead letters are not looked after, or a redrive was begun and nobody knows whether it runs',
  },
  reconcile: {
    tier: 'P2',
    area: 'work',
    meaning: 'a day is not compared with the processor’s report, or not all of it',
  },
} as const satisfies Partial<Record<Slug, Errors>>;

export type WatchedSlug = keyof typeof FUNCTION_ERRORS;
export const WATCHED_SLUGS = Object.keys(FUNCTION_ERRORS) as readonly WatchedSlug[];

export type ErrorsSlug = `${WatchedSlug}-errors`;
export const errorsEntries = WATCHED_SLUGS.map((slug) => ({
  slug: `${slug}-errors` as const,
  ...FUNCTION_ERRORS[slug],
}));

/** Of the alarm on a function's errors. @throws Error when the function is not one of those watched. */
export const functionErrorsSlug = (slug: Slug): ErrorsSlug => {
  const watched: readonly Slug[] = WATCHED_SLUGS;
  if (!watched.includes(slug)) throw new Error(`${slug} has no alarm on its errors: add it to FUNCTION_ERRORS`);
  return `${slug as WatchedSlug}-errors`;
};
