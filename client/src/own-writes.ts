// Owns read-your-writes: the positions of an account's own payments that a Region's view may not hold yet (`Baseload-After`).
// Leaves to the server the proof that an answer contains them.

/** What the server takes in one request. */
const MAX_POSITIONS = 8;
/** A portal's server has one client for all of its payers. */
const MAX_ACCOUNTS = 10_000;
/**
 * A view says how stale it is by its own Region's clock; facts bear the clock of the Region that wrote them, which is at most 2 s
 * ahead.
 */
const CLOCK_MARGIN_MS = 5_000;

interface OwnWrite {
  readonly position: string;
  readonly writtenMs: number;
  /** Regions whose view has it for certain. */
  readonly seenIn: Set<string>;
}

export class OwnWrites {
  readonly #byAccount = new Map<string, readonly OwnWrite[]>();

  constructor(private readonly regions: number) {}

  /** `writtenMs`: when the acknowledgment was here. */
  add(accountId: string, position: string, writtenMs: number): void {
    const others = (this.#byAccount.get(accountId) ?? []).filter((write) => write.position !== position);
    // Last in the map is last used: whoever has not paid for longest is forgotten first.
    this.#byAccount.delete(accountId);
    this.#byAccount.set(
      accountId,
      [...others, { position, writtenMs, seenIn: new Set<string>() }].slice(-MAX_POSITIONS),
    );
    if (this.#byAccount.size > MAX_ACCOUNTS) this.#byAccount.delete(this.#byAccount.keys().next().value ?? '');
  }

  /** The header for `region`; undefined when its view has all of them. */
  after(accountId: string, region: string): string | undefined {
    const unseen = (this.#byAccount.get(accountId) ?? []).filter(({ seenIn }) => !seenIn.has(region));
    return unseen.length === 0 ? undefined : unseen.map(({ position }) => position).join(', ');
  }

  /**
   * An answer of `region` to a request sent at `sentMs`, from a view that was `stalenessMs` old. An answer to `Baseload-After` proves
   * nothing of the view, which may have been helped out; and neither does 0: that is the ledger answering in its place.
   */
  seen(accountId: string, region: string, sentMs: number, stalenessMs: number): void {
    const writes = this.#byAccount.get(accountId);
    if (writes === undefined || stalenessMs <= 0) return;
    for (const { writtenMs, seenIn } of writes) {
      if (writtenMs + CLOCK_MARGIN_MS < sentMs - stalenessMs) seenIn.add(region);
    }
    const left = writes.filter(({ seenIn }) => seenIn.size < this.regions);
    if (left.length > 0) this.#byAccount.set(accountId, left);
    else this.#byAccount.delete(accountId);
  }
}
