// Owns what clients have asked and heard: all that the outside knows of a run.
// Leaves to audit/ what must hold of it.
import type { CommandStep } from '../plan/plan.ts';
import type { RegionName } from '../world/network.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a client gets is JSON of any form
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Attempt {
  readonly region: RegionName;
  readonly sentMs: number;
  /** The amount in another body than the command's own. */
  readonly otherAmountMinor?: number;
  /** Absent while it is under way; `silence`: the client has given up on it. */
  answer?: Answer | 'silence';
  answeredMs?: number;
}

export class CommandRecord {
  readonly attempts: Attempt[] = [];
  /** The answer that settles it. */
  concluded?: Answer;
  /** What it needed never came to be. */
  isMoot = false;

  constructor(readonly step: CommandStep) {}

  /** Of what was granted. */
  get granted(): Answer | undefined {
    return this.concluded !== undefined && this.concluded.status < 300 ? this.concluded : undefined;
  }

  get isOpen(): boolean {
    return this.concluded === undefined && !this.isMoot;
  }

  /** Whether some answer left the client without knowing what became of it. */
  get wasUnknown(): boolean {
    return this.attempts.some(({ answer }) => answer === 'silence' || (answer !== undefined && answer.status >= 500));
  }
}

export interface LookRecord {
  readonly account: string;
  readonly region: RegionName;
  readonly what: string;
  /** Positions that were asked for. */
  readonly after: readonly string[];
  /** What was looked for. */
  readonly of?: CommandRecord;
  /** By the clock of the Region that answers. */
  readonly sentRegionMs: number;
  readonly answer: Answer;
}

export interface Journal {
  readonly commands: ReadonlyMap<string, CommandRecord>;
}
