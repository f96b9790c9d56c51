// Owns the CPU time of a process and all its children, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/<pid>/stat`: USER_HZ, 100 on every Linux that Node runs on. */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** The name stands in brackets and may hold anything: fields are counted from behind it. Undefined for a process that has just ended. */
const statOf = (pid: string): Stat | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid: Number(pid), parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
  } catch {
    return undefined;
  }
};

/** Milliseconds since each of them began. */
export const cpuMsOfTree = (root: number): number => {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
  const tree = new Set([root]);
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  return stats.reduce((sum, { pid, cpuMs }) => (tree.has(pid) ? sum + cpuMs : sum), 0);
};
