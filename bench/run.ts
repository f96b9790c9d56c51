// Owns a run: each measurement in a process of its own, one after the other, its progress on stderr, its findings gathered.
// Leaves to measurement-process.ts the measuring. What a measured function logs goes nowhere: stdout belongs to the tables.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Findings } from './harness/measurement.ts';

const PROCESS = fileURLToPath(new URL('./measurement-process.ts', import.meta.url));

export type FromMeasurement =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly findings: Findings };

/** @throws Error when it ends without findings; it has said why on stderr */
export const runMeasurement = async (name: string, progress: (line: string) => void): Promise<Findings> => {
  const nowhere = openSync(devNull, 'w');
  const child: ChildProcess = fork(PROCESS, [name], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', nowhere, 'inherit', 'ipc'],
  });
  closeSync(nowhere);
  let findings: Findings | undefined;
  child.on('message', (message: FromMeasurement) => {
    if (message.kind === 'progress') progress(message.line);
    else findings = message.findings;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (findings === undefined || code !== 0) throw new Error(`${name} ended with ${signal ?? `exit code ${code}`}`);
  return findings;
};
