// Owns what a new version is brought to Regions with, one Region at a time.
// Leaves to in-aws.ts and in-a-run.ts how, to bake.ts whether the next Region may follow.
import { UsageError } from '../failures.ts';
import type { Target } from '../target.ts';
import type { Terminal } from '../terminal.ts';
import { RolloutInRun } from './in-a-run.ts';
import { RolloutInAws } from './in-aws.ts';

export interface Rollout {
  /** What it does in a Region, for whoever is asked to agree. */
  plan(region: string): string;
  /** What is done once, before the first Region of several; undefined when nothing is. */
  readonly before?: { readonly plan: string; run(): Promise<void> };
  /** Resolves when all calls of the Region go to the new version. @throws Refused when it was taken back, or never began */
  deploy(region: string): Promise<void>;
  /** How the Region gets the version before again. */
  wayBack(region: string): string;
}

export interface RolloutOptions {
  /** Of `aws`: the config file that is deployed. */
  readonly config: string;
  /** Of `local`: a function, and the directory of its bundle. */
  readonly function?: string;
  readonly bundle?: string;
  readonly yes?: true;
  /** Slugs of alarms that may ring. */
  readonly despite: readonly string[];
}

/** @throws UsageError when the options are not those of the target */
export const rolloutOf = (target: Target, options: RolloutOptions, terminal: Terminal): Rollout => {
  const { function: slug, bundle } = options;
  if (target.control === undefined) {
    if (slug !== undefined || bundle !== undefined)
      throw new UsageError(
        '--function and --bundle are for --target local: in AWS all that this checkout holds is deployed',
      );
    return new RolloutInAws(target, options);
  }
  if (slug === undefined || bundle === undefined)
    throw new UsageError('with --target local name what is deployed: --function <slug> and --bundle <directory>');
  return new RolloutInRun(target.control, slug, bundle, terminal);
};
