// Owns what has happened lately: each change of health, DNS, process, network or alarm with its time, the newest first.
// Leaves to whoever notes them what they mean.
import type { Happening } from './live.ts';

const KEPT = 60;

export class Happenings {
  readonly #last = new Map<string, string>();
  #list: readonly Happening[] = [];

  constructor(private readonly nowMs: () => number) {}

  /** The first word on a subject is taken as known. */
  note(subject: string, now: string): void {
    const before = this.#last.get(subject);
    this.#last.set(subject, now);
    if (before === undefined || before === now) return;
    this.#list = [{ atMs: this.nowMs(), subject, before, now }, ...this.#list].slice(0, KEPT);
  }

  newestFirst(): readonly Happening[] {
    return this.#list;
  }
}
