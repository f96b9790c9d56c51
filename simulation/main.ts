// Owns the process of `npm run simulate`: arguments in, an exit code out. 0: every promise held; 1: one did not; 2: a wrong command line.
// Leaves to command-line.ts the options, to simulate.ts and hunt-all.ts the two things it does.
import { writeFile } from 'node:fs/promises';
import { type Asked, readCommandLine } from './command-line.ts';
import { huntAll } from './mutants/hunt-all.ts';
import { simulate } from './simulate.ts';

const print = (line: string): void => console.log(line);

const run = async (asked: Asked): Promise<number> => {
  const firstSeed = asked.seed ?? Math.floor(Math.random() * 1_000_000_000);
  const outcome = asked.mutants
    ? await huntAll({ firstSeed: asked.seed ?? 1, maxSeeds: asked.seeds, print })
    : await simulate({ ...asked, firstSeed, print });
  if (asked.json !== undefined) await writeFile(asked.json, `${JSON.stringify(outcome, null, 2)}\n`);
  return outcome.isKept ? 0 : 1;
};

const line = readCommandLine(process.argv.slice(2));
if (line.kind === 'asked') {
  process.exitCode = await run(line.asked);
} else if (line.kind === 'done') {
  print(line.text);
} else {
  console.error(`simulate: ${line.problem} See --help.`);
  process.exitCode = 2;
}
