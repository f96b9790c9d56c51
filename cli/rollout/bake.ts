// Owns the bake between two Regions: so many minutes in which the alarms of the one that was deployed stay quiet.
// Leaves to the vantage how alarms are seen, to the command what follows.
import { setTimeout as pause } from 'node:timers/promises';
import { CouldNotLook, Refused } from '../failures.ts';
import { asked } from '../status/asked.ts';
import type { ProgressBar } from '../terminal.ts';
import type { RingingSeen, Vantage } from '../vantage/vantage.ts';

export interface BakeOptions {
  readonly region: string;
  readonly minutes: number;
  /** Slugs of alarms that may ring. */
  readonly despite: readonly string[];
  readonly vantage: Pick<Vantage, 'ringing'>;
  /** The target's clock, epoch milliseconds. */
  readonly nowMs: () => Promise<number>;
  readonly progress: Pick<ProgressBar, 'update'>;
  readonly lookAgainMs?: number;
}

const LOOK_AGAIN_MS = 5_000;
/** Alarms that nobody has seen for so long say nothing of the Region. */
const UNSEEN_MS = 5 * 60_000;
/** What wakes somebody, and what makes a ticket: of the rest a deployment is not the cause within its bake. */
const TIERS: readonly string[] = ['P0', 'P1'];
/** It rings for hours after a version was taken back: what the deployment itself came to is known better here. */
const TOLD_BY_THE_DEPLOYMENT = 'deployment-rolled-back';

/** Those that speak against a deployment. @throws what kept it from looking */
export const holdingBack = async (
  vantage: Pick<Vantage, 'ringing'>,
  region: string,
  despite: readonly string[],
): Promise<readonly RingingSeen[]> =>
  (await vantage.ringing(region)).filter(
    ({ slug, tier }) => TIERS.includes(tier) && slug !== TOLD_BY_THE_DEPLOYMENT && !despite.includes(slug),
  );

/** @throws Refused with the first alarm that rings; CouldNotLook when none can be seen for five minutes */
export const bake = async (options: BakeOptions): Promise<void> => {
  const { region, minutes, despite, vantage, progress, lookAgainMs = LOOK_AGAIN_MS } = options;
  const fromMs = await options.nowMs();
  let seenAtMs = fromMs;
  for (;;) {
    const nowMs = await options.nowMs();
    const ringing = await asked(holdingBack(vantage, region, despite));
    if (ringing.kind === 'known') {
      if (ringing.value.length > 0)
        throw new Refused(`alarms of ${region} ring while it bakes: ${slugsOf(ringing.value)}`);
      seenAtMs = nowMs;
    } else if (nowMs - seenAtMs > UNSEEN_MS) {
      throw new CouldNotLook(`alarms of ${region} have not been seen for five minutes (${ringing.why})`);
    }
    // A bake ends with a look, not with a gap.
    if (nowMs - fromMs >= minutes * 60_000 && seenAtMs === nowMs) return;
    progress.update(Math.min(minutes * 60, Math.round((nowMs - fromMs) / 1_000)));
    await pause(lookAgainMs);
  }
};

export const slugsOf = (ringing: readonly RingingSeen[]): string => ringing.map(({ slug }) => slug).join(', ');
