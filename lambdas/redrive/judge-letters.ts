// Owns when dead letters may go back to their queue without a person: the trouble is over, and these letters had no such chance yet.
// Leaves to create-redrive-handler.ts that it is done, and told. Pure.
import type { AlarmState } from '../ports/alarm-states.ts';
import type { Deployment } from '../ports/deployments.ts';
import { REDRIVES } from '../shared/policies.ts';

/** A redrive, by this function or by somebody: when it began, and when letters were last seen that may be its own. */
export interface Moved {
  readonly startedAtMs: number;
  readonly seenAtMs: number;
  readonly isRunning: boolean;
}

export interface LettersCase {
  readonly nowMs: number;
  /** That the queue has dead letters. Undefined: nobody knows. */
  readonly alarm: AlarmState | undefined;
  /** Alarms on what makes work of this queue fail. Undefined: nobody knows. */
  readonly troubles: readonly (AlarmState | undefined)[];
  /** The last one of the queue's worker. */
  readonly deployment: Deployment | undefined;
  readonly moved: Moved | undefined;
  /** Within which letters that were moved are done, or back. */
  readonly backWithinMs: number;
}

export type Verdict =
  | { readonly kind: 'none' | 'under-way' | 'came-back' }
  | { readonly kind: 'not-yet'; readonly reason: string }
  /** `recovered`: what was mended, in words. */
  | { readonly kind: 'due'; readonly recovered: string };

export const judgeLetters = ({ nowMs, alarm, troubles, deployment, moved, backWithinMs }: LettersCase): Verdict => {
  if (alarm?.state !== 'ALARM') return { kind: 'none' };
  if (moved?.isRunning) return { kind: 'under-way' };
  if (moved !== undefined && alarm.sinceMs <= moved.seenAtMs + backWithinMs) {
    const mayStillClear = alarm.sinceMs <= moved.startedAtMs && nowMs < moved.startedAtMs + REDRIVES.clearsWithinMs;
    return { kind: mayStillClear ? 'under-way' : 'came-back' };
  }
  const isCalm = (trouble: AlarmState | undefined): trouble is AlarmState =>
    trouble?.state === 'OK' && nowMs - trouble.sinceMs >= REDRIVES.calmMs;
  if (!troubles.every(isCalm)) return { kind: 'not-yet', reason: 'what makes the work fail is not over, or only just' };
  // The alarm rings a minute or two after the last failure, which may be the end of the trouble as well.
  const isOfThisTrouble = (atMs: number): boolean => atMs >= alarm.sinceMs - REDRIVES.calmMs;
  const over = troubles.find(({ sinceMs }) => isOfThisTrouble(sinceMs));
  if (over !== undefined) return { kind: 'due', recovered: `${over.name} is OK again` };
  if (deployment?.status === 'Succeeded' && isOfThisTrouble(deployment.startedAtMs))
    return { kind: 'due', recovered: `a new version of ${deployment.slug} is live` };
  return { kind: 'not-yet', reason: 'nothing is known that was mended since' };
};
