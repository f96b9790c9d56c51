// Owns the command line of the operator: its commands, the options of all of them, and what a wrong one is answered.
// Leaves to commands/ what they do, and to main.ts the process.
import { Command, CommanderError, Option } from 'commander';
import { addCost } from './commands/cost.ts';
import { addDeploy } from './commands/deploy.ts';
import { addEvacuate } from './commands/evacuate.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addRedrive } from './commands/redrive.ts';
import { addRepair } from './commands/repair.ts';
import { addReplay } from './commands/replay.ts';
import { addStatus } from './commands/status.ts';
import { addVerify } from './commands/verify.ts';
import { CouldNotLook, oneLine, Refused, UsageError } from './failures.ts';
import type { Surroundings } from './surroundings.ts';
import { TARGETS } from './target.ts';

const EXIT = { done: 0, refused: 1, wrong: 2 } as const;

const createProgram = (around: Surroundings): Command => {
  const program = new Command('npm run baseload --')
    .description('What operators do with a running Baseload.')
    .addOption(new Option('--target <target>', 'which one').choices(TARGETS).default('local'))
    .option('--config <file>', 'with aws: the config file it was deployed from', 'baseload.config.json')
    .option('--control <url>', 'with local: its control URL, where several runs are there')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => around.terminal.print(text.trimEnd()), writeErr: () => undefined });
  addStatus(program, around);
  addRedrive(program, around);
  addReconcile(program, around);
  addVerify(program, around);
  addRepair(program, around);
  addReplay(program, around);
  addEvacuate(program, around);
  addDeploy(program, around);
  addCost(program, around);
  return program;
};

/** Runs one command line. The exit code: 0 done, 1 refused or failed, 2 a command line that is wrong or a question left open. */
export const run = async (args: readonly string[], around: Surroundings): Promise<number> => {
  const program = createProgram(around);
  try {
    if (args.length === 0) throw new UsageError(`no command, there is ${namesOf(program)}`);
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) return EXIT.done;
    const problem = cause instanceof CommanderError ? wrong(cause, program) : oneLine(cause);
    around.terminal.note(`baseload: ${problem}`);
    const isUnforeseen = !(cause instanceof Refused || cause instanceof UsageError || cause instanceof CommanderError);
    if (isUnforeseen && process.env.BASELOAD_DEBUG !== undefined && cause instanceof Error)
      around.terminal.note(String(cause.stack));
    const isOpen = cause instanceof UsageError || cause instanceof CommanderError || cause instanceof CouldNotLook;
    return isOpen ? EXIT.wrong : EXIT.refused;
  }
};

const namesOf = (program: Command): string => program.commands.map((command) => command.name()).join(', ');

/** Commander names what is wrong; what would have been right it says for choices only. */
const wrong = ({ code, message }: CommanderError, program: Command): string => {
  const problem = oneLine(message).replace(/^error: /, '');
  if (code === 'commander.unknownCommand') return `${problem}, there is ${namesOf(program)}`;
  return problem.includes('Allowed choices') || code === 'commander.invalidArgument'
    ? problem
    : `${problem}: add --help to see what is allowed`;
};
