// Owns `replay ledger`: a whole ledger into a new table, compared with its copies afterwards, and the steps by which it is taken into use.
// Leaves to ledger-replay.ts the copying. Nothing here touches the table in use, nor what uses it.
import { type Command, Option } from 'commander';
import {
  type Contents,
  contentsOfCopies,
  contentsOfTable,
  isSameContents,
} from '../../lambdas/shared/integrity/ledger-contents.ts';
import { audit } from '../audit.ts';
import { cutoverSteps } from '../cutover-steps.ts';
import { Refused, UsageError } from '../failures.ts';
import { type IntegritySources, openIntegritySources } from '../integrity-sources.ts';
import { replayFromArchive, replayFromLedger, resetHeads } from '../ledger-replay.ts';
import { forgetPlace, keepPlace, openPlace, type ReplayPlace } from '../replay-checkpoint.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, type Target, type TargetOptions } from '../target.ts';
import { counted } from '../terminal.ts';

interface ReplayLedgerOptions extends TargetOptions {
  readonly from: ReplayPlace['from'];
  readonly to: string;
  readonly resume?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

export const addReplayLedger = (replay: Command, around: Surroundings): void => {
  replay
    .command('ledger')
    .description('copy the whole ledger into a new table, and compare the two byte for byte')
    .addOption(
      new Option(
        '--from <source>',
        'archive: both Regions’ archives and views; ledger: the table that the config names',
      )
        .choices(['archive', 'ledger'])
        .makeOptionMandatory(),
    )
    .requiredOption('--to <table>', 'the new table, which is there already')
    .option('--resume <file>', 'keep the place in this file, and go on from there if it exists')
    .option('--dry-run', 'count what would be copied and change nothing')
    .option('--yes', 'do not ask')
    .action((_own: unknown, command: Command) => replayLedger(command.optsWithGlobals<ReplayLedgerOptions>(), around));
};

const replayLedger = async (options: ReplayLedgerOptions, around: Surroundings): Promise<void> => {
  const { terminal, nowMs } = around;
  const target = await openTarget(options);
  const [first = '', ...others] = target.regions;
  if (options.from === 'ledger' && options.to === target.ledgerTable)
    throw new UsageError(`${options.to} cannot be copied into itself: docs/total-loss.md says how a new table is made`);
  const shared = { regions: [first, ...others], clock: { nowMs } } as const;
  const from = await openIntegritySources(target, shared);
  const to = await openIntegritySources(target, { ...shared, ledgerTable: options.to });
  const tell = (problem: string): void => terminal.print(`cannot be copied: ${problem}`);
  try {
    const wanted = await sourceContents(from, options.from, around);
    terminal.print(wanted.sentence);
    for (const problem of wanted.contents.unreadable) terminal.print(`cannot be read: ${problem}`);
    const held = await tableContents(to, around);
    terminal.print(`${options.to} holds ${sentenceOf(held)}`);
    if (options.dryRun === true) return terminal.print('dry run: nothing was copied');
    const place = openPlace(options.resume, options.from, options.to);
    if (options.yes !== true) await terminal.confirm(`Copy this into ${options.to}? The table in use stays as it is.`);
    const done = await copy(options, { from, to, place, tell }, around);
    const { facts, seals, young } = done;
    const said = { from: options.from, to: options.to, facts, seals, young };
    audit(target, terminal, { command: 'replay ledger', region: first, ...said }, nowMs());
    terminal.print(
      `${counted(facts, 'fact')} of ${options.from === 'archive' ? 'the archives' : 'the ledger'} copied, ${counted(seals, 'seal')}`,
    );
    if (options.from === 'archive')
      terminal.print(`${counted(young, 'fact')} younger than the last archived seal copied from the views`);
    await compare({ from, to }, options, around);
    forgetPlace(options.resume);
    if (options.from === 'archive') await setBack(target, { from, to }, around);
    for (const line of cutoverSteps(target, options)) terminal.print(line);
  } finally {
    from.close();
    to.close();
  }
};

type Pair = { readonly from: IntegritySources; readonly to: IntegritySources };

const copy = async (
  { from: source, resume }: ReplayLedgerOptions,
  pair: Pair & { readonly place: ReplayPlace; readonly tell: (problem: string) => void },
  { terminal }: Surroundings,
): Promise<ReplayPlace> => {
  const bar = terminal.progress('facts copied', 0);
  const keep = (place: ReplayPlace): void => {
    keepPlace(resume, place);
    bar.update(place.facts + place.young);
  };
  try {
    return await (source === 'archive' ? replayFromArchive : replayFromLedger)({ ...pair, keep });
  } finally {
    bar.stop();
  }
};

/** Both are read anew and whole. @throws Refused when they differ */
const compare = async ({ from, to }: Pair, options: ReplayLedgerOptions, around: Surroundings): Promise<void> => {
  const wanted = await sourceContents(from, options.from, around);
  const held = await tableContents(to, around);
  if (wanted.contents.unreadable.length > 0)
    throw new Refused(
      `${counted(wanted.contents.unreadable.length, 'item')} could not be read: see docs/total-loss.md`,
    );
  if (!isSameContents(wanted.contents, held))
    throw new Refused(
      `${options.to} holds ${sentenceOf(held)}, its sources ${sentenceOf(wanted.contents)}: run it again, something may have come meanwhile`,
    );
  around.terminal.print(`${options.to} equals its sources byte for byte: ${sentenceOf(held)}`);
};

const sourceContents = async (
  from: IntegritySources,
  source: ReplayPlace['from'],
  around: Surroundings,
): Promise<{ readonly contents: Contents; readonly sentence: string }> => {
  if (source === 'ledger') {
    const contents = await tableContents(from, around);
    return { contents, sentence: `the ledger holds ${sentenceOf(contents)}` };
  }
  const views = from.sources.views.map(({ region, rows }) => {
    const lines = from.lines.find((one) => one.region === region)?.lines;
    if (lines === undefined) throw new Error(`no view of ${region} is at hand`);
    return { region, rows, lines };
  });
  const contents = await contentsOfCopies({ archives: from.chains.archives, views });
  const young = contents.facts.count - contents.archivedFacts;
  const sentence = `archives and views hold ${sentenceOf(contents)}; ${counted(young, 'fact')} of them only views, younger than the last archived seal`;
  return { contents, sentence };
};

const tableContents = async (table: IntegritySources, { terminal }: Surroundings): Promise<Contents> => {
  const bar = terminal.progress('facts read', await table.ledgerItems());
  try {
    return await contentsOfTable({ ledger: table.ledger, seals: table.chains.seals }, (count) => bar.update(count));
  } finally {
    bar.stop();
  }
};

const setBack = async (target: Target, pair: Pair, { terminal, nowMs }: Surroundings): Promise<void> => {
  const heads = await resetHeads(pair);
  if (heads === 0) return;
  terminal.print(`${counted(heads, 'verified head')} set back to where the rebuilt chains end`);
  audit(target, terminal, { command: 'replay ledger', region: pair.from.region, headsSetBack: heads }, nowMs());
};

const sentenceOf = ({ facts, seals }: Contents): string =>
  `${counted(facts.count, 'fact')} and ${counted(seals.count, 'seal')}`;
