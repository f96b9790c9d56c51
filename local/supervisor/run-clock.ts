// Owns the clock of a run: kept with the data, so that a later run on the same data does not fall behind what it wrote.
// Leaves to run.ts that every process follows it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MovableClock } from '../movable-clock.ts';

const FILE = 'clock.json';

export interface RunClock {
  readonly clock: MovableClock;
  /** @throws Error when it would go back */
  move(offsetMs: number): void;
}

export const openRunClock = (dataDir: string, machineMs: () => number): RunClock => {
  const file = join(dataDir, FILE);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly offsetMs: number }) : undefined;
  const clock = new MovableClock(machineMs, kept?.offsetMs);
  return {
    clock,
    move: (offsetMs) => {
      clock.moveTo(offsetMs);
      writeFileSync(file, JSON.stringify({ offsetMs }));
    },
  };
};
