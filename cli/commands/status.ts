// Owns `status`: both Regions at a glance, and an exit code that says whether all is well.
// Leaves to cli/status what is looked at, and changes nothing.
import type { Command } from 'commander';
import { CouldNotLook, Refused } from '../failures.ts';
import { type RegionStatus, statusOf } from '../status/region-status.ts';
import { type Screen, screenOf, wrapped } from '../status/render.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, type Target, type TargetOptions } from '../target.ts';
import { vantageOf } from '../vantage/vantage.ts';

interface StatusOptions extends TargetOptions {
  readonly json?: true;
}

export const addStatus = (program: Command, around: Surroundings): void => {
  program
    .command('status')
    .description('both Regions at a glance: 0 all is well, 1 something is not, 2 could not look at all of it')
    .option('--json', 'one JSON object')
    .action((_own: unknown, command: Command) => status(command.optsWithGlobals<StatusOptions>(), around));
};

const status = async (options: StatusOptions, around: Surroundings): Promise<void> => {
  const { terminal, nowMs } = around;
  const target = await openTarget(options).catch((cause: unknown) => {
    throw cause instanceof Refused ? new CouldNotLook(cause.message, { cause }) : cause;
  });
  const vantage = vantageOf(target);
  const atMs = nowMs() + (await vantage.clockAheadMs().catch(() => 0));
  const statuses = await statusOf(target, vantage, atMs);
  const screen = screenOf(statuses, terminal.hasColours && options.json !== true);
  const head = { jurisdiction: target.jurisdiction, target: target.kind, at: new Date(atMs).toISOString() };
  if (options.json === true) terminal.print(JSON.stringify({ ...head, ...plain(statuses, screen) }));
  else for (const line of page(head, target, screen)) terminal.print(line);
  if (screen.wrong.length > 0) throw new Refused(`not well: ${screen.wrong.length}`);
  if (screen.unknown.length > 0) throw new CouldNotLook(`could not look at ${screen.unknown.length}`);
};

const plain = (statuses: readonly RegionStatus[], { wrong, unknown }: Screen): object => ({
  regions: Object.fromEntries(statuses.map(({ region, ...parts }) => [region, parts])),
  wrong,
  unknown,
});

const page = (
  { jurisdiction, at }: { readonly jurisdiction: string; readonly at: string },
  { kind }: Target,
  { lines, wrong, unknown }: Screen,
): readonly string[] => [
  `Baseload ${jurisdiction}, ${kind}, ${at}`,
  '',
  ...lines,
  ...part('Not well', wrong),
  ...part('Unknown', unknown),
];

const part = (title: string, sentences: readonly string[]): readonly string[] =>
  sentences.length === 0 ? [] : ['', `${title}:`, ...sentences.flatMap(wrapped)];
