// Owns what `npm run simulate` is asked for: options, their bounds, and one line for what is wrong.
// Leaves to main.ts what is done.
import { Command, CommanderError, InvalidArgumentError } from 'commander';

export interface Asked {
  readonly seeds: number;
  /** Of the first; absent: a fresh one. */
  readonly seed?: number;
  /** No run begins after them. */
  readonly seconds?: number;
  /** Where the result is written. */
  readonly json?: string;
  readonly mutants: boolean;
  /** The whole story of the run. */
  readonly trace: boolean;
}

/** `done`: help was shown. `wrong`: the line says why. */
export type CommandLine =
  | { readonly kind: 'asked'; readonly asked: Asked }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'wrong'; readonly problem: string };

const MAX_SEED = 2 ** 31;
const FRESH_SEEDS = 100;
const MAX_SEEDS = 1_000_000;
/** Of each planted bug. */
const HUNTED_SEEDS = 200;

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}.`);
    return value;
  };

interface Options {
  readonly seeds?: number;
  readonly seed?: number;
  readonly seconds?: number;
  readonly json?: string;
  readonly mutants?: boolean;
  readonly trace?: boolean;
}

export const readCommandLine = (args: readonly string[]): CommandLine => {
  let help = '';
  const command = new Command('npm run simulate --')
    .description('Runs the real functions in a simulated world that fails in every way, in virtual time.')
    .option(
      '--seeds <n>',
      `how many runs, each of a seed of its own (by default 1 with --seed, ${FRESH_SEEDS} without; with --mutants ${HUNTED_SEEDS} at most for each)`,
      whole(1, MAX_SEEDS),
    )
    .option('--seed <s>', 'the first seed; a run of the same seed always goes the same way', whole(0, MAX_SEED))
    .option('--seconds <n>', 'begin no run after so many seconds', whole(1, 86_400))
    .option('--json <file>', 'write the result there')
    .option('--mutants', 'plant bugs, one after the other, and see that each is caught')
    .option('--trace', 'with one seed: print everything that happens')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'done', text: help.trimEnd() };
    return { kind: 'wrong', problem: error.message.replace(/^error: /, '').replaceAll('\n', ' ') };
  }
  const { seeds, mutants = false, trace = false, ...given } = command.opts<Options>();
  const fewest = given.seed === undefined ? FRESH_SEEDS : 1;
  const usual = given.seconds === undefined ? fewest : MAX_SEEDS;
  const asked = { ...given, mutants, trace, seeds: seeds ?? (mutants ? HUNTED_SEEDS : usual) };
  if (trace && asked.seeds !== 1) return { kind: 'wrong', problem: '--trace is of one run: give it one --seed' };
  return { kind: 'asked', asked };
};
