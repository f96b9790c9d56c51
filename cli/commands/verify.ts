// Owns `verify`: shows whether ledger, views, seals and archives hold what they must, and ends with 1 when they do not.
// Leaves to commands/repair.ts what is done about it, and to the scrubber that somebody looks at all times.
import { type Command, InvalidArgumentError } from 'commander';
import { type AccountId, accountId } from '../../lambdas/domain/ids.ts';
import { SEAL_BUCKETS } from '../../lambdas/domain/seal.ts';
import { CouldNotLook, oneLine, Refused, UsageError } from '../failures.ts';
import { type IntegritySources, openIntegritySources } from '../integrity-sources.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type TargetOptions } from '../target.ts';
import { counted } from '../terminal.ts';
import { type Tally, VerifyRun } from '../verify-run.ts';

interface VerifyOptions extends TargetOptions {
  readonly account?: AccountId;
  readonly region?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json?: string;
  readonly resume?: string;
}

export const addVerify = (program: Command, around: Surroundings): void => {
  program
    .command('verify')
    .description(
      'show whether ledger, views, seals and archives hold what they must: 0 they do, 1 they do not, 2 could not look',
    )
    .option('--account <id>', 'one account (default: all)', accountFrom)
    .option('--region <region>', 'with the ledger, and view and archive of this Region only (default: of all)')
    .option('--from <instant>', 'only facts from then on, like 2026-10-15 or 2026-10-15T12:00:00Z', instantFrom)
    .option('--to <instant>', 'only facts before then', instantFrom)
    .option('--json <file>', 'add each finding to this file too, as a line of JSON')
    .option('--resume <file>', 'keep the place in this file, and go on from there if it exists')
    .action((_own: unknown, command: Command) => verify(command.optsWithGlobals<VerifyOptions>(), around));
};

export const accountFrom = (given: string): AccountId => {
  const id = accountId(given);
  if (id === undefined) throw new InvalidArgumentError('It is an account like us_a1.');
  return id;
};

const instantFrom = (given: string): number => {
  const atMs = Date.parse(given);
  if (Number.isNaN(atMs) || !/^\d{4}-\d{2}-\d{2}(?:$|T.*(?:Z|[+-]\d{2}:\d{2})$)/.test(given))
    throw new InvalidArgumentError('It is a UTC day like 2026-10-15, or an instant like 2026-10-15T12:00:00Z.');
  return atMs;
};

const verify = async (options: VerifyOptions, { terminal, nowMs }: Surroundings): Promise<void> => {
  const { account, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, json, resume } = options;
  if (from >= to) throw new UsageError('--from is not before --to: nothing is between them');
  if (account !== undefined && resume !== undefined) throw new UsageError('--resume is for all accounts, not for one');
  const opened = await openRegions(options, nowMs);
  const { sources, chains, items, region } = opened;
  try {
    const heads = new Map(
      await Promise.all(opened.work.map(async (one) => [one.region, await one.work.heads()] as const)),
    );
    const run = new VerifyRun({
      sources,
      chains: { chains, items, region, heads, nowMs },
      window: { fromMs: from, toMs: to },
      print: terminal.print,
      ...(json !== undefined && { json }),
      ...(resume !== undefined && { checkpoint: resume }),
    });
    if (account !== undefined) {
      await run.one(account);
      await run.chainOf(account);
    } else {
      const accounts = terminal.progress('accounts', await opened.ledgerItems());
      await run.accounts(accounts).finally(() => accounts.stop());
      const seals = terminal.progress('chains of seals', SEAL_BUCKETS);
      await run.chains(seals).finally(() => seals.stop());
    }
    terminal.print(sentenceOf(run.tally));
    const { findings } = run.tally;
    if (findings > 0)
      throw new Refused(`${findings} ${findings === 1 ? 'finding' : 'findings'}: repair shows what can be put right`);
  } catch (cause) {
    if (cause instanceof Refused || cause instanceof UsageError) throw cause;
    throw new CouldNotLook(`could not look: ${oneLine(cause)}`, { cause });
  } finally {
    opened.close();
  }
};

const openRegions = async (options: VerifyOptions, nowMs: () => number): Promise<IntegritySources> => {
  try {
    const target = await openTarget(options);
    const [first = '', ...others] = regionsOf(target, options.region);
    return await openIntegritySources(target, { regions: [first, ...others], clock: { nowMs } });
  } catch (cause) {
    throw cause instanceof Refused ? new CouldNotLook(cause.message, { cause }) : cause;
  }
};

const sentenceOf = ({ accounts, seals, findings, notYet, notArchivedYet }: Tally): string => {
  const verified = `${counted(accounts, 'account')} and ${counted(seals, 'seal')} verified, ${counted(findings, 'finding')}`;
  const lag = notYet === 0 ? '' : `; ${counted(notYet, 'fact')} not yet in a view, which is in time`;
  const archiveLag =
    notArchivedYet === 0 ? '' : `; ${counted(notArchivedYet, 'seal')} not yet in an archive, which is in time`;
  return `${verified}${lag}${archiveLag}`;
};
