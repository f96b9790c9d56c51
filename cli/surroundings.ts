// Owns what every command is given beside its arguments.
import type { Terminal } from './terminal.ts';

export interface Surroundings {
  readonly terminal: Terminal;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}
