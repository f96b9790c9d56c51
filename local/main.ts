// Owns `npm start`: arguments in, one ready line or one screen out, an exit code at the end.
// Leaves to supervisor/ what runs and to screen/ how it looks.
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import { Changes } from './screen/changes.ts';
import { createProgress } from './screen/progress.ts';
import { screenText } from './screen/screen.ts';
import { parseStartArgs, USAGE } from './supervisor/args.ts';
import { killEveryChild } from './supervisor/child.ts';
import { Closers } from './supervisor/closers.ts';
import { onEndOfRun } from './supervisor/signals.ts';
import { start } from './supervisor/start.ts';
import { oneLine } from './supervisor/start-failure.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Callers rely on five seconds. */
const END_DEADLINE_MS = 4_500;

const closers = new Closers();
let ending = false;

const end = (exitCode: number): void => {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(exitCode), END_DEADLINE_MS);
  void closers.close().then(() => process.exit(exitCode));
};

const fail = (cause: unknown): void => {
  if (ending) return;
  process.stderr.write(`baseload: ${oneLine(cause)}\n`);
  if (process.env.BASELOAD_DEBUG !== undefined && cause instanceof Error) process.stderr.write(`${cause.stack}\n`);
  end(1);
};

const main = async (): Promise<void> => {
  const options = parseStartArgs(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  const output = options.json ? process.stderr : process.stdout;
  if (!options.json) output.write(`\n  ${colors.bold('Baseload')} starts two Regions from the synthesized CDK app\n\n`);
  const clock = (): string => colors.dim(new Date().toISOString().slice(11, 19));
  const changes = new Changes((line) => output.write(`  ${clock()} ${line}\n`));
  const started = await start(options, {
    root: ROOT,
    progress: createProgress(output, colors, Date.now),
    closers,
    elapsedMs: () => performance.now(),
    note: (subject, now) => changes.note(subject, now),
    onFatal: fail,
  });
  if (ending) return;
  process.stdout.write(options.json ? `${JSON.stringify(started.ready)}\n` : screenText(started.screen, colors));
};

process.on('exit', killEveryChild);
onEndOfRun((why, cause) =>
  cause === undefined ? end(0) : fail(new Error(`stopped by ${why}: ${cause.message}`, { cause })),
);
main().catch(fail);
