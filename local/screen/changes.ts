// Owns the short lines that tell of changes while everything runs.

/** Remembers what was last said of each subject, so that only changes are said. */
export class Changes {
  readonly #last = new Map<string, string>();

  constructor(private readonly say: (line: string) => void) {}

  /** The first word on a subject is taken as known and not said. */
  note(subject: string, now: string): void {
    const before = this.#last.get(subject);
    this.#last.set(subject, now);
    if (before !== undefined && before !== now) this.say(`${subject}: ${before} → ${now}`);
  }
}
