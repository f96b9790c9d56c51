// Owns `cost`: what Baseload costs idle and a million payments, from the templates of the cloud assembly.
// Leaves to cli/cost the sums, and to docs/cost.md what turns a line down and what that costs in safety.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../lib/config.ts';
import { idleLines } from '../cost/idle.ts';
import { type CostLine, tableOf, totalOf } from '../cost/lines.ts';
import { paymentLines, storageLines } from '../cost/payments.ts';
import { PRICES, PRICES_NOTED } from '../cost/prices.ts';
import { Templates } from '../cost/templates.ts';
import { oneLine, UsageError } from '../failures.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TargetOptions } from '../target.ts';

interface CostOptions extends TargetOptions {
  readonly assembly?: string;
  readonly json?: true;
}

export interface Cost {
  readonly idle: readonly CostLine[];
  readonly perMillionPayments: readonly CostLine[];
  /** A month, for each million payments that is kept. */
  readonly kept: readonly CostLine[];
}

export const addCost = (program: Command, around: Surroundings): void => {
  program
    .command('cost')
    .description('what it costs idle and a million payments, from the templates of --config and a dated list of prices')
    .option('--assembly <dir>', 'templates that cdk synth has written (default: they are made anew)')
    .option('--json', 'one JSON object, with the prices')
    .action((_own: unknown, command: Command) => cost(command.optsWithGlobals<CostOptions>(), around));
};

const cost = async ({ config, assembly, json }: CostOptions, { terminal }: Surroundings): Promise<void> => {
  const found = assembly === undefined ? await costOfConfig(config) : costOfAssembly(assembly, jurisdictionOf(config));
  if (json === true) {
    const sums = {
      idleUsdAMonth: rounded(totalOf(found.idle)),
      usdPerMillionPayments: rounded(totalOf(found.perMillionPayments)),
      usdAMonthPerMillionKept: rounded(totalOf(found.kept)),
    };
    terminal.print(JSON.stringify({ ...sums, ...found, pricesNoted: PRICES_NOTED, prices: PRICES }));
    return;
  }
  for (const row of pageOf(found)) terminal.print(row);
  terminal.note(
    `list prices of us-east-1 as of ${PRICES_NOTED}, without free tiers; docs/cost.md says what turns a line down`,
  );
};

export const pageOf = ({ idle, perMillionPayments, kept }: Cost): readonly string[] => [
  ...tableOf('idle, a month', idle),
  '',
  ...tableOf('a million payments', perMillionPayments),
  '',
  ...tableOf('a month, per million kept', kept),
];

export const costOfAssembly = (directory: string, jurisdiction: string): Cost => {
  const templates = Templates.read(directory);
  return {
    idle: idleLines(templates, jurisdiction),
    perMillionPayments: paymentLines(templates, jurisdiction),
    kept: storageLines(templates),
  };
};

const jurisdictionOf = (file: string): string => configOf(file).jurisdiction;

const configOf = (file: string): ReturnType<typeof readConfig> => {
  try {
    return readConfig(file);
  } catch (cause) {
    throw new UsageError(oneLine(cause), { cause });
  }
};

/** The library takes a second to load: only this command pays for it. Functions stay without code, which costs nothing. */
const costOfConfig = async (file: string): Promise<Cost> => {
  const config = configOf(file);
  const { buildApp } = await import('../../lib/app.ts');
  const outdir = mkdtempSync(join(tmpdir(), 'baseload-cost-'));
  try {
    buildApp({ config, outdir, assets: 'stub' }).synth();
    return costOfAssembly(outdir, config.jurisdiction);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

const rounded = (usd: number): number => Math.round(usd * 100) / 100;
