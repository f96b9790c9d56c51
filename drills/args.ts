// Owns the command line of `npm run drill` and `npm run drills`.
// Leaves to main.ts what it leads to.
import { parseArgs } from 'node:util';
import { oneLine, StartFailure } from '../local/supervisor/start-failure.ts';
import type { Scenario } from './scenario.ts';

export interface DrillOrder {
  readonly scenarios: readonly Scenario[];
  /** Where the figures of all of them go as JSON too. */
  readonly jsonFile?: string;
  readonly help: boolean;
}

export const usage = (scenarios: readonly Scenario[]): string => {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return [
    'npm run drill -- NAME [--json FILE]   one drill on a pair of Regions of its own',
    'npm run drills [-- --json FILE]       all of them, one after the other',
    '  Reports go to drill-reports/. Exit code 1 when a promise is broken.',
    '',
    ...scenarios.map(({ name, hypothesis }) => `  ${name.padEnd(width)}  ${hypothesis.split('. ')[0]}`),
  ].join('\n');
};

/** @throws StartFailure naming what is wrong and what there is */
export const parseDrillArgs = (args: readonly string[], scenarios: readonly Scenario[]): DrillOrder => {
  const { values, positionals } = parsed(args);
  const { help = false, all = false, json } = values;
  if (json === '') throw new StartFailure('--json needs a file, got an empty name');
  const order = { help, ...(json === undefined ? {} : { jsonFile: json }) };
  if (help) return { ...order, scenarios: [] };
  const names = scenarios.map(({ name }) => name).join(', ');
  if (all) {
    if (positionals.length > 0)
      throw new StartFailure(
        `npm run drills takes no name, got ${positionals.join(' ')}: npm run drill -- NAME runs one`,
      );
    return { ...order, scenarios };
  }
  const [name, ...others] = positionals;
  if (name === undefined) throw new StartFailure(`npm run drill -- NAME needs a name: there are ${names}`);
  if (others.length > 0)
    throw new StartFailure(`one drill at a time, got ${positionals.join(' ')}: npm run drills runs all`);
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new StartFailure(`no drill ${name}: there are ${names}`);
  return { ...order, scenarios: [scenario] };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'string' }, all: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    const [problem] = oneLine(cause).split('. ');
    throw new StartFailure(`${problem}: npm run drill -- --help lists the options`);
  }
};
