// Owns the asking of a Region's public pages over HTTPS: one GET, no redirects, bounded.
// Leaves to its callers whether a page is asked for again.
import type { PageAnswer, RegionPages } from '../ports/region-pages.ts';

export class HttpRegionPages implements RegionPages {
  constructor(
    private readonly timeoutMs: number,
    /** What a test hands in place of https. */
    private readonly scheme: 'https' | 'http' = 'https',
  ) {}

  async ask(hostname: string, path: string): Promise<PageAnswer> {
    try {
      const signal = AbortSignal.timeout(this.timeoutMs);
      const { status, body } = await fetch(`${this.scheme}://${hostname}${path}`, { redirect: 'manual', signal });
      // What it says beside its status is nobody's business here; left unread it would hold the connection.
      await body?.cancel();
      return { kind: 'answered', status };
    } catch (error) {
      return { kind: 'silent', why: reasonOf(error) };
    }
  }
}

interface Thrown {
  readonly message?: unknown;
  readonly cause?: Thrown;
}

/** `fetch failed` says nothing; its cause does. */
const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Thrown;
  return String(cause?.message ?? message ?? error);
};
