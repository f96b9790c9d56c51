// Owns the stacks of one jurisdiction and the order in which they are deployed: keys → vaults → ledger → alarms → Region A → Region B, and after
// each Region its game days, after both the payer from outside, where the config has any.
// Leaves to lib/stacks what is in each. Nothing refers across Regions: names are deterministic, the order is all they share.
import type { App, StackProps } from 'aws-cdk-lib';
import type { Code as CanaryCode } from 'aws-cdk-lib/aws-synthetics';
import type { BaseloadConfig } from './config.ts';
import { stackName } from './names.ts';
import type { CodeOf } from './region-scope.ts';
import { AlarmsStack } from './stacks/alarms.ts';
import { GameDaysStack } from './stacks/game-days.ts';
import { KeysStack } from './stacks/keys.ts';
import { LedgerStack } from './stacks/ledger.ts';
import { OutsideStack } from './stacks/outside.ts';
import { RegionStack } from './stacks/region.ts';
import { VaultStack } from './stacks/vault.ts';

export interface JurisdictionStacks {
  readonly keys: readonly KeysStack[];
  readonly vaults: readonly VaultStack[];
  readonly ledger: LedgerStack;
  readonly alarms: readonly AlarmsStack[];
  readonly regions: readonly RegionStack[];
}

/** What runs in the stacks: bundles, or for templates only lines that refuse to run. */
export interface Codes {
  readonly codeOf: CodeOf;
  readonly outsidePayer: () => CanaryCode;
}

export const buildJurisdiction = (
  app: App,
  config: BaseloadConfig,
  { codeOf, outsidePayer: outsideCode }: Codes,
): JurisdictionStacks => {
  const { jurisdiction, account, regions, ownerRegion, witnessRegion, gameDays, outsidePayer } = config;
  const propsOf = (region: string, what: string): StackProps => ({
    env: { region, ...(account === undefined ? {} : { account }) },
    description: `Baseload ${jurisdiction}: ${what}`,
    tags: { 'baseload:jurisdiction': jurisdiction },
    // Deleting a stack by mistake would cost the Region its API or the ledger its table.
    terminationProtection: true,
  });
  const keys = regions.map(
    (region) =>
      new KeysStack(app, stackName(jurisdiction, 'keys', region), {
        ...propsOf(region, `keys of ${region}`),
        jurisdiction,
      }),
  );
  const vaults = regions.map(
    (region) =>
      new VaultStack(app, stackName(jurisdiction, 'vault', region), {
        ...propsOf(region, `backups kept in ${region}`),
        config,
      }),
  );
  const ledger = new LedgerStack(app, stackName(jurisdiction, 'ledger'), { ...propsOf(ownerRegion, 'ledger'), config });
  const alarms = regions.map(
    (region) =>
      new AlarmsStack(app, stackName(jurisdiction, 'alarms', region), {
        ...propsOf(region, `alarms of ${region}`),
        config,
        codeOf,
      }),
  );
  const regionStacks = regions.map(
    (region) =>
      new RegionStack(app, stackName(jurisdiction, 'region', region), {
        ...propsOf(region, `API, functions and views of ${region}`),
        config,
        codeOf,
      }),
  );

  for (const [index, vault] of vaults.entries()) {
    const key = keys[index];
    if (key !== undefined) vault.addStackDependency(key);
    ledger.addStackDependency(vault);
  }
  for (const alarm of alarms) alarm.addStackDependency(ledger);
  for (const [index, stack] of regionStacks.entries()) {
    const before = [alarms[index], regionStacks[index - 1]];
    // The second Region waits for the first, so that a bad deployment stops after one. `--exclusively` deploys it alone.
    for (const one of before) if (one !== undefined) stack.addStackDependency(one);
  }
  if (gameDays !== undefined) {
    for (const regionStack of regionStacks) {
      const { region } = regionStack;
      const stack = new GameDaysStack(app, stackName(jurisdiction, 'game-days', region), {
        ...propsOf(region, `game days of ${region}`),
        config,
      });
      stack.addStackDependency(regionStack);
    }
  }
  if (outsidePayer !== undefined) {
    const stack = new OutsideStack(app, stackName(jurisdiction, 'outside', witnessRegion), {
      ...propsOf(witnessRegion, `a payer in ${witnessRegion}, who looks from outside`),
      config,
      outsidePayer,
      code: outsideCode(),
    });
    for (const region of regionStacks) stack.addStackDependency(region);
  }
  return { keys, vaults, ledger, alarms, regions: regionStacks };
};
