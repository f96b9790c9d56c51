// Owns how a page is handed over to be told to people.
// Leaves to the topic of its tier who they are, and by which way they are told.

/** What people are told of an alarm that rings or has recovered. */
export interface Page {
  readonly tier: 'P0' | 'P1' | 'P2';
  /** ASCII, at most 100 characters, for the ways that show one line. */
  readonly subject: string;
  readonly text: string;
  /** For programs that subscribe. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Pager {
  /** @throws Error when it may not have been taken: telling twice does less harm than not at all */
  publish(page: Page): Promise<void>;
}
