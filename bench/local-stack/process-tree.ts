// Owns the CPU time of a process and all its children, as Linux counts it, by the program that each runs.
// Leaves to local-stack.ts what the programs are to a reader.
import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/<pid>/stat`: USER_HZ, 100 on every Linux that Node runs on. */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
  /** Command and arguments. */
  readonly command: string;
}

/** The name stands in brackets and may hold anything: fields are counted from behind it. Undefined for a process that has just ended. */
const statOf = (pid: string): Stat | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid: Number(pid), parent: Number(fields[1]), cpuMs: ticks * TICK_MS, command };
  } catch {
    return undefined;
  }
};

/** Milliseconds since each began, of the processes whose command has the text of a part in it; what has none of them is of no part. */
export const cpuMsOfTree = <Part extends string>(
  root: number,
  parts: Readonly<Record<Part, string>>,
): Readonly<Record<Part, number>> => {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
  const tree = new Set([root]);
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  const inTree = stats.filter(({ pid }) => tree.has(pid));
  const spent = (text: string): number =>
    inTree.reduce((sum, { command, cpuMs }) => (command.includes(text) ? sum + cpuMs : sum), 0);
  return Object.fromEntries(Object.entries<string>(parts).map(([part, text]) => [part, spent(text)])) as Record<
    Part,
    number
  >;
};
