// Owns what a command sees of the terminal: results on stdout, everything else on stderr, questions only where somebody sits.
import { createInterface } from 'node:readline/promises';
import cliProgress from 'cli-progress';
import { Refused, UsageError } from './failures.ts';

export interface ProgressBar {
  update(done: number): void;
  stop(): void;
}

export interface Terminal {
  /** Whether what is printed is read on a terminal, by somebody who has not asked for no colours. */
  readonly hasColours: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** A line for whoever watches or keeps the log. */
  note(line: string): void;
  /** @throws UsageError when nobody can be asked; Refused when the answer is no */
  confirm(question: string): Promise<void>;
  /** Drawn on a terminal only. */
  progress(title: string, total: number): ProgressBar;
}

export const processTerminal = (): Terminal => ({
  hasColours: process.stdout.isTTY && process.env.NO_COLOR === undefined,
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  confirm: async (question) => {
    if (!process.stdin.isTTY)
      throw new UsageError(`${question} Nobody is here to ask: add --yes, or --dry-run to look`);
    const asking = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await asking.question(`${question} [y/N] `);
      if (!/^y(es)?$/i.test(answer.trim())) throw new Refused('not confirmed: nothing was changed');
    } finally {
      asking.close();
    }
  },
  progress: (title, total) => {
    const bar = new cliProgress.SingleBar({ format: `${title} {bar} {value}/{total}`, hideCursor: true });
    bar.start(total, 0);
    return { update: (done) => bar.update(done), stop: () => bar.stop() };
  },
});

/** `1 account`, `2 accounts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
