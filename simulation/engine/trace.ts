// Owns the story of a run: one line for everything that somebody outside could have seen, and a digest over all of them.
// Leaves to report.ts what of it is shown.
import { createHash } from 'node:crypto';
import type { VirtualTime } from './virtual-time.ts';

export class Trace {
  readonly lines: string[] = [];
  readonly #hash = createHash('sha256');
  readonly #startMs: number;

  constructor(private readonly time: VirtualTime) {
    this.#startMs = time.nowMs;
  }

  tell(line: string): void {
    const seconds = ((this.time.nowMs - this.#startMs) / 1000).toFixed(3).padStart(10);
    const told = `${seconds} s  ${line}`;
    this.lines.push(told);
    this.#hash.update(told).update('\n');
  }

  /** Two runs with the same digest went the same way. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
