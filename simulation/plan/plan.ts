// Owns what a run is to do, as data: who asks for what when, and which faults are in force meanwhile. It can be printed and shrunk.
// Leaves to make-plan.ts which plan a seed makes, to clients/ and faults/ what a step does.
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { Line, RegionName } from '../world/network.ts';

/** All times are milliseconds from the beginning of the run. */
interface Timed {
  readonly atMs: number;
}

/** What is asked for once, under one key, until there is an answer that settles it. */
export type Command =
  | { readonly kind: 'open'; readonly account: string }
  | { readonly kind: 'pay'; readonly account: string; readonly amountMinor: number; readonly method: string }
  /** `of`: the id of the payment's step. */
  | { readonly kind: 'refund'; readonly account: string; readonly of: string; readonly amountMinor: number }
  /** `of`: the id of any step that made a fact. */
  | { readonly kind: 'reverse'; readonly account: string; readonly of: string }
  | { readonly kind: 'adjust'; readonly account: string; readonly amountMinor: number }
  | { readonly kind: 'bill'; readonly account: string; readonly period: string; readonly amountMinor: number }
  | { readonly kind: 'contact'; readonly account: string; readonly email: string }
  | { readonly kind: 'readings'; readonly meterId: string; readonly day: string; readonly wh: number };

export interface CommandStep extends Timed {
  readonly step: 'command';
  /** The idempotency key, too. */
  readonly id: string;
  readonly command: Command;
  /** Asked first. */
  readonly region: RegionName;
  /** Tries before the client waits for better times. */
  readonly patience: number;
}

/** The same key once more, beside the client that waits for an answer. */
export interface AgainStep extends Timed {
  readonly step: 'again';
  readonly of: string;
  readonly region: RegionName;
  /** Another body under the same key. */
  readonly otherAmountMinor?: number;
}

export interface LookStep extends Timed {
  readonly step: 'look';
  readonly account: string;
  readonly region: RegionName;
  readonly what: 'account' | 'statement' | 'bills' | 'payment';
  /** Whether the answer must contain what was acknowledged before. */
  readonly isAfter: boolean;
}

export interface FaultStep extends Timed {
  readonly step: 'fault';
  readonly kind: FaultKind;
  readonly forMs: number;
  readonly rate: number;
  readonly region?: RegionName;
  /** Of a partition. */
  readonly lines?: readonly Line[];
  /** Of a clock. */
  readonly skewMs?: number;
  /** Which of what there is gets damaged. */
  readonly pick?: number;
}

export type Step = CommandStep | AgainStep | LookStep | FaultStep;

export interface Plan {
  readonly seed: number;
  readonly startMs: number;
  /** When faults end, and convergence is demanded. */
  readonly healAtMs: number;
  /** In the order of time. */
  readonly steps: readonly Step[];
}
