// Owns the order in which Regions are asked: as listed, but one that failed stands behind the others for a while.
// Leaves to call.ts what a failure is. Shared by all calls of a client, so that only the first ones of an outage wait for it.

/** How long a Region stands behind after its first failure; each further one doubles it. */
const FIRST_ASIDE_MS = 5_000;
const MAX_ASIDE_MS = 60_000;

export class Region {
  /** In a row. */
  failures = 0;
  failedAtMs = Number.NEGATIVE_INFINITY;
  asideUntilMs = Number.NEGATIVE_INFINITY;

  /** `url`: an origin, without a slash at its end. */
  constructor(readonly url: string) {}
}

export class Regions {
  readonly #all: readonly Region[];

  constructor(urls: readonly string[]) {
    this.#all = urls.map((url) => new Region(url));
  }

  get count(): number {
    return this.#all.length;
  }

  /** Whoever stands aside comes last, the one that has stood there longest first. */
  inOrder(nowMs: number): readonly Region[] {
    const aside = ({ asideUntilMs }: Region) => (asideUntilMs > nowMs ? asideUntilMs : Number.NEGATIVE_INFINITY);
    return [...this.#all].sort((a, b) => (aside(a) === aside(b) ? 0 : aside(a) - aside(b)));
  }

  /** Whether more than one does not stand aside. */
  haveSpare(nowMs: number): boolean {
    return this.#all.filter(({ asideUntilMs }) => asideUntilMs <= nowMs).length > 1;
  }

  /** One call at a time finds out whether a Region that failed is back: for the others it goes on standing aside. */
  asked(region: Region, nowMs: number): void {
    if (region.failures > 0) region.asideUntilMs = nowMs + asideMs(region.failures);
  }

  answered(region: Region): void {
    region.failures = 0;
    region.asideUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Requests that were under way together fail together: that is one failure. */
  failed(region: Region, startedMs: number, nowMs: number): void {
    if (startedMs <= region.failedAtMs) return;
    region.failures += 1;
    region.failedAtMs = nowMs;
    region.asideUntilMs = nowMs + asideMs(region.failures);
  }
}

const asideMs = (failures: number): number => Math.min(MAX_ASIDE_MS, FIRST_ASIDE_MS * 2 ** (failures - 1));
