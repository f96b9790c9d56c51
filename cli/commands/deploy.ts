// Owns `deploy`: a version goes to one Region, bakes there under its alarms, and only then goes to the other.
// Leaves to cli/rollout how it gets there, to CodeDeploy the canary within a Region.
import { type Command, InvalidArgumentError } from 'commander';
import { audit } from '../audit.ts';
import { oneLine, Refused } from '../failures.ts';
import { bake, holdingBack, slugsOf } from '../rollout/bake.ts';
import { type Rollout, type RolloutOptions, rolloutOf } from '../rollout/rollout.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type Target, type TargetOptions } from '../target.ts';
import { type Vantage, vantageOf } from '../vantage/vantage.ts';

interface DeployOptions extends TargetOptions, RolloutOptions {
  readonly region?: string;
  readonly bakeMinutes: number;
  readonly dryRun?: true;
}

/** Longer than the slowest P1 needs to see a fault that began with the deployment: docs/alarms.md. */
const BAKE_MINUTES = 30;
const MAX_BAKE_MINUTES = 1_440;

export const addDeploy = (program: Command, around: Surroundings): void => {
  program
    .command('deploy')
    .description('bring a version to one Region, watch its alarms while it bakes, then to the other')
    .option('--region <region>', 'this one alone, whatever becomes of the other')
    .option('--bake-minutes <minutes>', 'how long alarms must stay quiet in a Region', minutesOf, BAKE_MINUTES)
    .option(
      '--despite <slugs>',
      'alarms that may ring, comma-separated: those of a fault that this version mends',
      listOf,
      [],
    )
    .option('--function <slug>', 'with local: the function that is deployed')
    .option('--bundle <directory>', 'with local: its bundle')
    .option('--dry-run', 'show what would be done, and which alarms ring, and change nothing')
    .option('--yes', 'do not ask')
    .action((_own: unknown, command: Command) => deploy(command.optsWithGlobals<DeployOptions>(), around));
};

const minutesOf = (given: string): number => {
  const minutes = Number(given);
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MAX_BAKE_MINUTES || given.trim() === '')
    throw new InvalidArgumentError(`whole minutes from 0 to ${MAX_BAKE_MINUTES}.`);
  return minutes;
};

const listOf = (given: string): readonly string[] => given.split(',').filter((slug) => slug !== '');

interface Work {
  readonly target: Target;
  readonly rollout: Rollout;
  readonly vantage: Vantage;
  readonly options: DeployOptions;
  readonly around: Surroundings;
}

const deploy = async (options: DeployOptions, around: Surroundings): Promise<void> => {
  const { terminal } = around;
  const target = await openTarget(options);
  const regions = regionsOf(target, options.region);
  const rollout = rolloutOf(target, options, terminal);
  const work: Work = { target, rollout, vantage: vantageOf(target), options, around };
  const before = options.region === undefined ? rollout.before : undefined;
  if (before !== undefined) terminal.print(`first     ${before.plan}`);
  for (const region of regions)
    terminal.print(`${region}  ${rollout.plan(region)}, then ${options.bakeMinutes} min of bake`);
  await refuseWhileRinging(regions, work);
  if (options.dryRun === true) return terminal.print('dry run: nothing was changed');
  if (options.yes !== true) await terminal.confirm(`Deploy to ${regions.join(', then ')}?`);
  await before?.run();
  for (const [index, region] of regions.entries()) {
    // The bake before was of the other Region.
    if (index > 0) await refuseWhileRinging([region], work);
    await deployOne(region, regions.slice(index + 1), work);
  }
};

const refuseWhileRinging = async (regions: readonly string[], { vantage, options, around }: Work): Promise<void> => {
  for (const region of regions) {
    const ringing = await holdingBack(vantage, region, options.despite);
    if (ringing.length === 0) continue;
    const slugs = slugsOf(ringing);
    const problem = `alarms of ${region} ring already (${slugs}): they could not tell a bad version. Mend that first, or add --despite ${slugs.replaceAll(' ', '')}`;
    if (options.dryRun === true) around.terminal.print(`${region}  ${problem}`);
    else throw new Refused(problem);
  }
};

const deployOne = async (region: string, left: readonly string[], work: Work): Promise<void> => {
  const { target, rollout, vantage, options, around } = work;
  const { terminal, nowMs } = around;
  const { bakeMinutes: minutes, despite } = options;
  const untouched = left.length === 0 ? '' : `; ${left.join(', ')} was not touched`;
  const what = { command: 'deploy', region, what: rollout.plan(region) };
  try {
    await rollout.deploy(region);
  } catch (cause) {
    audit(target, terminal, { ...what, outcome: 'not deployed' }, nowMs());
    throw cause instanceof Refused ? new Refused(`${oneLine(cause)}${untouched}`, { cause }) : cause;
  }
  audit(target, terminal, { ...what, outcome: 'deployed' }, nowMs());
  terminal.print(`${region}  deployed: it bakes for ${minutes} min`);
  const progress = terminal.progress(`${region}: seconds of bake`, minutes * 60);
  const clock = async (): Promise<number> => nowMs() + (await vantage.clockAheadMs());
  try {
    await bake({ region, minutes, despite, vantage, nowMs: clock, progress });
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    throw new Refused(`${oneLine(cause)}${untouched}. The way back: ${rollout.wayBack(region)}`, { cause });
  } finally {
    progress.stop();
  }
  terminal.print(`${region}  baked: its alarms were quiet`);
};
