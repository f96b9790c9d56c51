// Owns how a processor remembers idempotency keys: any answer of it, errors too, is replayed for a day and then forgotten.
// Leaves to api.ts which requests carry a key. It is what Stripe documents, and why no charge here depends on a key.

export interface SavedAnswer {
  readonly status: number;
  readonly body: object;
}

/** Stripe prunes keys after at least 24 hours. */
const KEPT_MS = 24 * 3_600_000;

export class SavedAnswers {
  readonly #saved = new Map<string, { readonly answer: SavedAnswer; readonly savedAtMs: number }>();

  constructor(private readonly nowMs: () => number) {}

  get(key: string): SavedAnswer | undefined {
    const saved = this.#saved.get(key);
    if (saved === undefined || this.nowMs() - saved.savedAtMs < KEPT_MS) return saved?.answer;
    this.#saved.delete(key);
    return undefined;
  }

  save(key: string, answer: SavedAnswer): void {
    this.#saved.set(key, { answer, savedAtMs: this.nowMs() });
  }
}
