// Owns what is seen of a Baseload from outside its tables: health, where DNS leads payers, alarms, queues, deployments.
// Leaves to in-aws.ts and in-a-run.ts how it is looked at.
import type { Deployment } from '../../lambdas/ports/deployments.ts';
import type { Target } from '../target.ts';
import { VantageInRun } from './in-a-run.ts';
import { VantageInAws } from './in-aws.ts';

/** Every call rejects with what kept it from looking. */
export interface Vantage {
  health(region: string): Promise<SeenHealth>;
  /** The Region that payers near `region` are led to; undefined when they are led to none of them. */
  answerNear(region: string): Promise<string | undefined>;
  /** Alarms that ring now. */
  ringing(region: string): Promise<readonly RingingSeen[]>;
  queues(region: string): Promise<readonly QueueSeen[]>;
  /** Those under way. */
  deployments(region: string): Promise<readonly Deployment[]>;
  /** How far the target's clock is ahead of this machine's: milliseconds. */
  clockAheadMs(): Promise<number>;
}

export interface RingingSeen {
  readonly slug: string;
  readonly tier: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

export interface QueueSeen {
  readonly slug: string;
  readonly visible: number;
  /** Of the oldest message; undefined when nobody has measured it lately. */
  readonly oldestAgeMs?: number;
  readonly deadLetters: number;
}

export type SeenHealth = { readonly kind: 'healthy' } | { readonly kind: 'unhealthy'; readonly why: string };

export const vantageOf = (target: Target): Vantage => {
  if (target.control !== undefined) return new VantageInRun(target.control);
  if (target.names !== undefined) return new VantageInAws(target, target.names);
  throw new Error(`a target ${target.kind} has neither a control URL nor hostnames`);
};
