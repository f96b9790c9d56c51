// Owns what a drill is written as: what is believed, what it can harm, when it is broken off, what goes wrong, what is promised.
// Leaves to conduct.ts how it is carried out, and to scenarios/ which there are.
import type { Measured } from './measure.ts';
import type { TemplateChange } from './pair/changed-assembly.ts';
import type { Stage } from './stage.ts';

export interface Promised {
  /** What is promised, with its number and unit. */
  readonly says: string;
  keeps(measured: Measured): { readonly kept: boolean; readonly measured: string };
}

export interface Scenario {
  readonly name: string;
  /** What is believed to happen, in one sentence. */
  readonly hypothesis: string;
  /** What the faults can reach, and what they cannot. */
  readonly blastRadius: string;
  /** Payments a second of each kind of payer. */
  readonly paymentsPerSecond?: number;
  /** The drill is broken off, and all put right, once no payer of any kind has been acknowledged for so long. */
  readonly abortAfterSilenceMs: number;
  /** From the fault until /health says so, milliseconds, for the predicted failover; absent: it is gone at once. */
  readonly healthFailsAfterMs?: number;
  /** What is changed in the templates and assets that run; absent: nothing. */
  readonly change?: TemplateChange;
  /** From the steady state on; what it began and did not end is ended after it. */
  play(stage: Stage): Promise<void>;
  readonly promises: readonly Promised[];
}

/** Of each kind of payer, where a scenario does not say otherwise. */
export const PAYMENTS_PER_SECOND = 2;
