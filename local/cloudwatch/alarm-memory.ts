// Owns how the states of a Region's alarms outlive its process, as they outlive on AWS what they watch: a Region that returns does
// not announce again what it announced before.
// Leaves to evaluate-alarms.ts what is remembered.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AlarmMemory, Memory } from './evaluate-alarms.ts';

export interface MemoryKeeper {
  readonly read: () => Memory;
  readonly write: (memory: Memory) => void;
}

export const memoryFile = (file: string): MemoryKeeper => {
  let written = existsSync(file) ? readFileSync(file, 'utf8') : '[]';
  return {
    read: () => new Map(JSON.parse(written) as (readonly [string, AlarmMemory])[]),
    write: (memory) => {
      const text = JSON.stringify([...memory]);
      if (text === written) return;
      mkdirSync(dirname(file), { recursive: true });
      // Whole or not at all: the process may be killed at any moment.
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
      written = text;
    },
  };
};
