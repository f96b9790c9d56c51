// Owns `replay view`: asks a Region to rebuild its view from the ledger, and shows how far it is.
// Leaves to the Region's schedule the work, which goes on when nobody watches.
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Rehydration } from '../../lambdas/ports/rehydration.ts';
import { audit } from '../audit.ts';
import { Refused } from '../failures.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type TargetOptions } from '../target.ts';
import { ViewRebuild } from '../view-rebuild.ts';

interface ReplayViewOptions extends TargetOptions {
  readonly region: string;
  readonly dryRun?: true;
  readonly watch?: true;
  readonly yes?: true;
}

const LOOK_AGAIN_MS = 1_000;
/** The function is called every minute: so long without a page is not slowness. */
const STANDS_STILL_MS = 5 * 60_000;

export const addReplayView = (replay: Command, around: Surroundings): void => {
  replay
    .command('view')
    .description("rebuild a Region's view from the ledger, and show how far that is")
    .requiredOption('--region <region>', 'whose view')
    .option('--dry-run', 'show the state of the view and ask for nothing')
    .option('--watch', 'show the rebuild under way and ask for none')
    .option('--yes', 'do not ask')
    .action((_own: unknown, command: Command) => replayView(command.optsWithGlobals<ReplayViewOptions>(), around));
};

const replayView = async (options: ReplayViewOptions, around: Surroundings): Promise<void> => {
  const target = await openTarget(options);
  const [region = options.region] = regionsOf(target, options.region);
  const { terminal, nowMs } = around;
  const rebuild = new ViewRebuild(target, region);
  try {
    const [run, items] = await Promise.all([rebuild.state(), rebuild.ledgerItems()]);
    terminal.print(`${region}  ${sentenceOf(run, items)}`);
    if (options.dryRun === true) return terminal.print('dry run: nothing was asked for');
    if (run?.state !== 'rehydrating') {
      if (options.watch === true) return;
      const question = `Rebuild the view of ${region} from about ${items} items? Until it is done, lookups there read the ledger.`;
      if (options.yes !== true) await terminal.confirm(question);
      if (await rebuild.ask(nowMs())) audit(target, terminal, { command: 'replay view', region, items }, nowMs());
    }
    const done = await watch(rebuild, region, items, around);
    terminal.print(`${region}  ${sentenceOf(done, items)}`);
  } finally {
    rebuild.close();
  }
};

/** Resolves with the checkpoint once the view is whole. @throws Refused when nothing moves */
const watch = async (
  rebuild: ViewRebuild,
  region: string,
  items: number,
  { terminal, nowMs }: Surroundings,
): Promise<Rehydration> => {
  let lastApplied = -1;
  let movedAtMs = nowMs();
  const bar = terminal.progress(region, items);
  try {
    for (;;) {
      const run = await rebuild.state();
      if (run?.state === 'current') {
        bar.update(items);
        return run;
      }
      const applied = run?.factsApplied ?? 0;
      if (applied !== lastApplied) movedAtMs = nowMs();
      lastApplied = applied;
      bar.update(Math.min(applied, items));
      if (nowMs() - movedAtMs >= STANDS_STILL_MS)
        throw new Refused(`the rebuild of ${region} has not moved for 5 min: see docs/runbooks/view-rehydration.md`);
      await pause(LOOK_AGAIN_MS);
    }
  } finally {
    bar.stop();
  }
};

const REASONS = {
  'stream-gap': 'records may have left its stream unread',
  'new-view': 'it is new',
  asked: 'an operator asked for it',
} as const satisfies Record<Rehydration['reason'], string>;

const sentenceOf = (run: Rehydration | undefined, items: number): string => {
  if (run === undefined) return 'the view was never looked after: its function has not run yet';
  const began = `since ${new Date(run.startedAtMs).toISOString()} because ${REASONS[run.reason]}`;
  const corrupt = run.factsCorrupt === 0 ? '' : `; ${run.factsCorrupt} corrupt ones were left out`;
  if (run.state === 'current')
    return `the view is current; ${run.factsApplied} facts were read at the last look${corrupt}`;
  return `the view is rebuilt ${began}: ${run.factsApplied} of about ${items} facts${corrupt}`;
};
