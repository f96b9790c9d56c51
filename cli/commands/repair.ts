// Owns `repair`: puts right what the copies prove, after having shown it, in ledger, views, seals and archives of the Regions that answer.
// Leaves to the scrubber of each Region that this is seldom needed: it sees both views at once, which none of them does.
import type { Command } from 'commander';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import type { Remedy } from '../../lambdas/domain/repair.ts';
import { checkAccount, lookAtAccount } from '../../lambdas/shared/integrity/look-at-account.ts';
import { remediesOf, repairAccount } from '../../lambdas/shared/integrity/repair-account.ts';
import { BEGINNING, walkAccounts } from '../account-walk.ts';
import { audit } from '../audit.ts';
import { ChainDamage } from '../chain-damage.ts';
import { Refused } from '../failures.ts';
import { type IntegritySources, openIntegritySources } from '../integrity-sources.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type Target, type TargetOptions } from '../target.ts';
import { counted } from '../terminal.ts';
import { accountFrom } from './verify.ts';

interface RepairOptions extends TargetOptions {
  readonly account?: AccountId;
  readonly region?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Accounts put right in one run: more than that is no damage to single items, and wants a look at what did it first. */
const MOST_ACCOUNTS = 10_000;

export const addRepair = (program: Command, around: Surroundings): void => {
  program
    .command('repair')
    .description('put right what verify finds and a copy proves')
    .option('--account <id>', 'one account (default: all)', accountFrom)
    .option('--region <region>', 'with the ledger, and view and archive of this Region only (default: of all)')
    .option('--dry-run', 'show what would be put right and change nothing')
    .option('--yes', 'do not ask')
    .action((_own: unknown, command: Command) => repair(command.optsWithGlobals<RepairOptions>(), around));
};

const repair = async (options: RepairOptions, around: Surroundings): Promise<void> => {
  const { terminal } = around;
  const target = await openTarget(options);
  const [first = '', ...others] = regionsOf(target, options.region);
  const opened = await openIntegritySources(target, {
    regions: [first, ...others],
    clock: { nowMs: around.nowMs },
  });
  try {
    const chains = await ChainDamage.find(opened, options.account, around);
    const integrity: IntegritySources = { ...opened, sources: { ...opened.sources, archived: chains.archived } };
    const damaged = await findDamage(integrity, options.account, chains.accounts, around);
    await chains.show();
    if (damaged.length === 0 && chains.size === 0) return terminal.print('nothing to repair');
    if (options.dryRun === true) return terminal.print('dry run: nothing was changed');
    const places = [
      ...(damaged.length === 0 ? [] : [counted(damaged.length, 'account')]),
      ...(chains.size === 0 ? [] : [counted(chains.size, 'seal')]),
    ];
    if (options.yes !== true) await terminal.confirm(`Put right what is shown, in ${places.join(' and ')}?`);
    // Seals first: they say where in the archives a fact is. Objects last: they are made of the ledger's facts.
    let left = await chains.repair('seals', target);
    for (const accountId of damaged) left += await repairOne(integrity, { target, region: first, accountId }, around);
    left += await chains.repair('archive', target);
    if (left > 0) throw new Refused(`${left} left that no copy proves: see docs/runbooks/corrupt-fact.md`);
  } finally {
    opened.close();
  }
};

/** The accounts in which something is wrong; what would be done first in each is printed. */
const findDamage = async (
  { sources, ledgerItems }: IntegritySources,
  account: AccountId | undefined,
  sealed: readonly AccountId[],
  { terminal }: Surroundings,
): Promise<readonly AccountId[]> => {
  const damaged: AccountId[] = [];
  const look = async (accountId: AccountId): Promise<void> => {
    if (damaged.includes(accountId)) return;
    // Of what only archives hold, a glance knows nothing.
    const found = sealed.includes(accountId)
      ? await lookAtAccount(sources, accountId, 'strong')
      : await checkAccount(sources, accountId);
    if (found.report.findings.length === 0) return;
    damaged.push(accountId);
    const remedies = remediesOf(sources, found);
    for (const remedy of remedies) terminal.print(`${accountId}  ${sentenceOf(remedy)}`);
    if (remedies.length > 0) return;
    for (const { store, region, key, problem } of found.report.findings)
      terminal.print(`${accountId}  ${key} of the ${store} (${region}) has no copy that proves it: ${problem}`);
  };
  if (account !== undefined) await look(account);
  else {
    const bar = terminal.progress('look', await ledgerItems());
    try {
      for await (const { accounts, next } of walkAccounts(sources, BEGINNING)) {
        for (const accountId of accounts) await look(accountId);
        bar.update(next.items);
        if (damaged.length >= MOST_ACCOUNTS) break;
      }
    } finally {
      bar.stop();
    }
    for (const accountId of sealed) await look(accountId);
  }
  return damaged;
};

interface Damaged {
  readonly target: Target;
  readonly region: string;
  readonly accountId: AccountId;
}

/** How much is left. */
const repairOne = async (
  { sources, ledger }: IntegritySources,
  { target, region, accountId }: Damaged,
  { terminal, nowMs }: Surroundings,
): Promise<number> => {
  const { repaired, left } = await repairAccount({ sources, ledger, region, clock: { nowMs } }, accountId);
  for (const remedy of repaired) {
    terminal.print(`${accountId}  done: ${sentenceOf(remedy)}`);
    audit(target, terminal, { command: 'repair', region, accountId, what: sentenceOf(remedy) }, nowMs());
  }
  for (const { store, region: where, key, problem } of left)
    terminal.print(`${accountId}  left: ${key} of the ${store} (${where}): ${problem}`);
  return left.length;
};

const sentenceOf = (remedy: Remedy): string => {
  switch (remedy.kind) {
    case 'ledger-item':
      return `${remedy.key} of the ledger from the ${remedy.source === 'view' ? 'copy' : 'archive'} of ${remedy.from}`;
    case 'view-row':
      return `${remedy.key} of the view of ${remedy.region} from the ledger`;
    case 'derived-rows':
      return `${remedy.keys.join(', ')} of the view of ${remedy.region} from its facts`;
  }
};
