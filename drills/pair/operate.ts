// Owns what an operator does in a drill: the command line of this repository, as a process, at the pair under test.
// Leaves to cli/ what it does.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Harness } from './harness.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What it printed. @throws Error with what it said when its exit code is not 0 */
export const operate = async (baseload: Harness, ...args: readonly string[]): Promise<string> => {
  const command = ['--import', 'tsx', 'cli/main.ts', ...args, '--target', 'local', '--control', baseload.ready.control];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
  return stdout;
};
