// Owns how many lookups may be asked twice: when every Region is slow, asking twice makes it worse.
// Leaves to call.ts when a second Region would be asked.

/** One in ten in the long run, and this many at once. */
const PER_LOOKUP = 0.1;
const MAX_SAVED = 10;

export class HedgeBudget {
  #saved = MAX_SAVED;

  /** Of each lookup. */
  earn(): void {
    this.#saved = Math.min(MAX_SAVED, this.#saved + PER_LOOKUP);
  }

  /** False: there is none left to spend. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
