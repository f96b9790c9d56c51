// Owns the list of experiments of a game day: which fault, for how long, what must stop it, what must hold while it goes on and after it.
// Leaves to constructs/experiment-template.ts how FIS is told. docs/game-days.md says what each shows, and what only people can judge.
import type { tableName } from '../../lambdas/shared/names.ts';
import type { AlarmSlug } from '../alarms/registry.ts';

type Table = Parameters<typeof tableName>[1];

export type Fault =
  /** This Region's replicas are cut off. The strongly consistent one refuses writes and strong reads, the others go on alone. */
  | { readonly kind: 'replication paused'; readonly tables: readonly Table[] }
  /** `executes`: the function does its work, and its caller is told that it failed all the same. */
  | {
      readonly kind: 'invocations fail';
      readonly target: FaultTarget;
      readonly percent: number;
      readonly executes: boolean;
    }
  | { readonly kind: 'invocations wait'; readonly target: FaultTarget; readonly delayMs: number };

/** Functions that carry AWS's extension where game days are on. */
export const FAULT_TARGETS = ['payments', 'settle-payment'] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

/** Asked once, `atMinute` of the fault. At most five alarms: FIS takes no more. */
interface Noticed {
  readonly atMinute: number;
  readonly state: 'ALARM' | 'OK';
  readonly alarms: readonly AlarmSlug[];
}

export interface Experiment {
  readonly slug: string;
  /** One sentence: what must hold. */
  readonly claim: string;
  readonly fault: Fault;
  readonly minutes: number;
  readonly stopsOn: readonly StopSlug[];
  readonly during?: Noticed;
  /** These are OK so many minutes after the fault: what it raised is over. */
  readonly after: { readonly minutes: number; readonly alarms: readonly AlarmSlug[] };
}

/** Of P0, those that are one metric alarm; of slo-fast-burn its hour. FIS takes five in a template. */
export const STOP_ALARMS = {
  'corrupt-fact': 'corrupt-fact',
  'seal-difference': 'seal-difference',
  'peer-unhealthy': 'peer-unhealthy',
  'routing-silent': 'routing-silent',
  'ledger-refusals': 'ledger-refusals',
  'slo-fast-burn': 'slo-fast-burn-1h',
} as const satisfies Partial<Readonly<Record<AlarmSlug, string>>>;
export type StopSlug = keyof typeof STOP_ALARMS;

/** No experiment may touch money, take the other Region's place away, or leave payers without an address. */
const ALWAYS = ['corrupt-fact', 'seal-difference', 'peer-unhealthy', 'routing-silent'] as const satisfies StopSlug[];
/** What payers must not feel. Refusals of the ledger count as failures there. */
const UNFELT = [...ALWAYS, 'slo-fast-burn'] as const;
/** What payers of this Region feel, and the ledger must not. */
const FELT = [...ALWAYS, 'ledger-refusals'] as const;

/** In the order of a game day, an hour each: those that payers must not feel come first, since a burnt hour stops them. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    slug: 'tables-paused',
    claim: 'what is not money goes on in a Region that is cut off: tariffs, readings and contacts are taken and read',
    fault: { kind: 'replication paused', tables: ['profiles', 'catalog', 'readings'] },
    // Replication may go on for five minutes after it was paused.
    minutes: 15,
    stopsOn: UNFELT,
    during: {
      atMinute: 12,
      state: 'OK',
      alarms: ['payments-unavailable', 'operations-unavailable', 'lookups-unavailable', 'readings-unavailable'],
    },
    after: { minutes: 5, alarms: ['region-unhealthy', 'replication-lag'] },
  },
  {
    slug: 'payments-slow',
    claim: 'payments that begin a second late are late, and none fails',
    fault: { kind: 'invocations wait', target: 'payments', delayMs: 1_000 },
    minutes: 10,
    stopsOn: UNFELT,
    during: { atMinute: 8, state: 'OK', alarms: ['payments-unavailable', 'payments-errors', 'api-throttles'] },
    after: { minutes: 10, alarms: ['payments-latency', 'payments-saturation'] },
  },
  {
    slug: 'settlements-unanswered',
    claim: 'a worker that charges and is told to have failed charges nobody twice',
    fault: { kind: 'invocations fail', target: 'settle-payment', percent: 50, executes: true },
    minutes: 10,
    stopsOn: UNFELT,
    after: { minutes: 30, alarms: ['settlements-oldest-age', 'settlements-dead-letters', 'reconciliation-difference'] },
  },
  {
    slug: 'payments-refused',
    claim: 'clients whose payment this Region refuses pay in the other one',
    fault: { kind: 'invocations fail', target: 'payments', percent: 50, executes: false },
    minutes: 5,
    stopsOn: FELT,
    after: { minutes: 10, alarms: ['payments-errors', 'payments-unavailable', 'region-unhealthy'] },
  },
  {
    slug: 'payments-unanswered',
    claim: 'a payment that was written and answered with an error is one payment, however often its client asks',
    fault: { kind: 'invocations fail', target: 'payments', percent: 50, executes: true },
    minutes: 5,
    stopsOn: FELT,
    after: { minutes: 10, alarms: ['payments-errors', 'payments-unavailable', 'region-unhealthy'] },
  },
  {
    slug: 'ledger-paused',
    claim:
      'a Region whose ledger is cut off says so, payers go to the other, and it takes none back before it has caught up',
    fault: { kind: 'replication paused', tables: ['ledger'] },
    minutes: 15,
    // Refusals, and the budget they burn, are what the Region must answer until payers have left it.
    stopsOn: ALWAYS,
    during: { atMinute: 12, state: 'ALARM', alarms: ['region-unhealthy'] },
    after: { minutes: 15, alarms: ['region-unhealthy', 'replication-lag', 'projection-lag', 'seal-unverified'] },
  },
];
