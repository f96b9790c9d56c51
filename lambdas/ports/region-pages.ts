// Owns how a Region's public pages are asked for from another: by hostname, as a payer's client would.
// Leaves to its callers which page says what.

export type PageAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  /** Nothing came in time, or the name leads nowhere. */
  | { readonly kind: 'silent'; readonly why: string };

export interface RegionPages {
  /** Asks once, `path` with its leading slash. Never throws. */
  ask(hostname: string, path: string): Promise<PageAnswer>;
}
