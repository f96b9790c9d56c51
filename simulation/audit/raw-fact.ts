// Owns how the auditor reads a fact: the JSON that was committed, without a line of the code under test.

export interface RawPosting {
  readonly ledgerAccount: string;
  readonly amountMinor: number;
}

export interface RawFact {
  readonly accountId: string;
  readonly stream: string;
  readonly ordinal: number;
  readonly type: string;
  readonly occurredAtMs: number;
  readonly postings: readonly RawPosting[];
  readonly amountMinor?: number;
  readonly totalMinor?: number;
  readonly reason?: string;
  readonly reference?: string;
  readonly paymentId?: string;
  readonly refundedOrdinal?: number;
  readonly lines?: readonly { readonly description: string }[];
}

export interface Committed {
  readonly key: string;
  readonly body: string;
  readonly sum: string;
  readonly fact: RawFact;
  /** True time. */
  readonly committedMs: number;
}

/** As positions are written: docs/decisions, D5. */
export const positionOf = ({ fact: { accountId }, key }: Pick<Committed, 'fact' | 'key'>): string =>
  Buffer.from(`1|${accountId}|${key}`).toString('base64url');

export const booked = (facts: readonly RawFact[], ledgerAccount: string): number =>
  facts
    .flatMap(({ postings }) => postings)
    .reduce((sum, posting) => (posting.ledgerAccount === ledgerAccount ? sum + posting.amountMinor : sum), 0);

export const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
};

/** Facts of payments, stream by stream. */
export const paymentsOf = (committed: readonly Committed[]): ReadonlyMap<string, readonly RawFact[]> =>
  groupBy(
    committed.map(({ fact }) => fact).filter(({ stream }) => stream.startsWith('p#')),
    ({ accountId, stream }) => `${accountId} ${stream}`,
  );
