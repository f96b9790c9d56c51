// Owns answers that are kept to be asked for again with their ETag: a bill that has not changed is not sent twice.
// Leaves to the server whether it has changed, and whether this token may see it.

const MAX_KEPT = 50;

interface Kept {
  readonly etag: string;
  readonly value: unknown;
}

export class KeptAnswers {
  readonly #byPath = new Map<string, Kept>();

  get(path: string): Kept | undefined {
    return this.#byPath.get(path);
  }

  keep(path: string, kept: Kept): void {
    this.#byPath.delete(path);
    this.#byPath.set(path, kept);
    if (this.#byPath.size > MAX_KEPT) this.#byPath.delete(this.#byPath.keys().next().value ?? '');
  }
}
