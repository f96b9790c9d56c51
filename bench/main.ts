// Owns the process of `npm run bench`: arguments in, tables on stdout, progress on stderr, an exit code out.
// Leaves to run.ts the measurements. A target that is not met is printed, not an exit code: the machine may have been busy.
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Findings } from './harness/measurement.ts';
import { isMet } from './harness/measurement.ts';
import { findingsText } from './harness/report.ts';
import { MEASUREMENTS } from './measurements.ts';
import { type BenchOptions, readCommandLine } from './program.ts';
import { runMeasurement } from './run.ts';

const EXIT = { done: 0, broken: 1, wrong: 2 } as const;

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
});

const measureAll = async ({ only, json }: BenchOptions): Promise<number> => {
  const { cpu, cores, memoryGib, node, platform } = machine();
  process.stdout.write(`${cores} cores, ${cpu}, ${memoryGib} GiB, Node ${node}, ${platform}\n`);
  const measured: Record<string, Findings> = {};
  const broken: string[] = [];
  const startedMs = performance.now();
  for (const { name } of MEASUREMENTS.filter((one) => only.length === 0 || only.includes(one.name))) {
    try {
      const told = (line: string): boolean => {
        const seconds = Math.round((performance.now() - startedMs) / 1000);
        return process.stderr.write(`${String(seconds).padStart(4)} s  ${name}: ${line}\n`);
      };
      const findings = await runMeasurement(name, told);
      measured[name] = findings;
      process.stdout.write(`\n${findingsText(name, findings)}\n`);
    } catch (error) {
      broken.push(name);
      process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  const targets = Object.values(measured).flatMap((one) => one.targets);
  if (targets.length > 0) process.stdout.write(`\n${targets.filter(isMet).length} of ${targets.length} targets met\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: machine(), measured, broken }, null, 2)}\n`);
  return broken.length === 0 ? EXIT.done : EXIT.broken;
};

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case 'run':
    process.exitCode = await measureAll(commandLine.options);
    break;
  case 'told':
    process.stdout.write(`${commandLine.text}\n`);
    break;
  case 'wrong':
    process.stderr.write(`bench: ${commandLine.problem}\n`);
    process.exitCode = EXIT.wrong;
    break;
}
