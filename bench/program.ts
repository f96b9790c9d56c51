// Owns the command line of the measurements: its options, and what a wrong one is answered.
// Leaves to run.ts the running.
import { Command, CommanderError, Option } from 'commander';
import { MEASUREMENTS } from './measurements.ts';

export interface BenchOptions {
  readonly json?: string;
  readonly only: readonly string[];
}

export type CommandLine =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'wrong'; readonly problem: string };

const list = MEASUREMENTS.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n');

/** What `args` ask for. */
export const readCommandLine = (args: readonly string[]): CommandLine => {
  let text = '';
  const only = new Option('--only <name>', 'this measurement, not all; may be repeated')
    .choices(MEASUREMENTS.map(({ name }) => name))
    .default([] as string[], 'all');
  const check = only.parseArg?.bind(only);
  only.argParser((name: string, names: string[]) => [...names, String(check?.(name, undefined))]);
  const program = new Command('npm run bench --')
    .description('Measures Baseload beside what else could have been built, on this machine.')
    .option('--json <file>', 'write what was measured to this file too')
    .addOption(only)
    .addHelpText('after', `\nMeasurements:\n${list}`)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (said) => {
        text += said;
      },
      writeErr: () => undefined,
    });
  try {
    program.parse([...args], { from: 'user' });
    return { kind: 'run', options: program.opts<BenchOptions>() };
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    if (cause.exitCode === 0) return { kind: 'told', text: text.trimEnd() };
    const problem = cause.message.replace(/^error: /, '').replace(/\.$/, '');
    return { kind: 'wrong', problem: problem.includes('Allowed choices') ? `${problem}.` : `${problem}: see --help` };
  }
};
