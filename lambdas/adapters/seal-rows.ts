// Owns the keys of seals in the ledger, and the rows of a Region's work on them: facts not sealed yet, heads of the chains.
// Leaves to domain/seal.ts what a seal is, to the adapters how rows are read and written.
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { FactKey } from '../domain/keys.ts';
import { sealBucketOf, type UnsealedFact } from '../domain/seal.ts';
import { SEAL_KEY_PREFIX, UNSEALED_KEY_PREFIX } from '../shared/names.ts';
import { SEALS } from '../shared/policies.ts';
import { type RowKey, timeKey, type ViewFact } from './view-rows.ts';

/** Ten digits: at a seal a second, three hundred years. */
const ORDINAL_DIGITS = 10;
const twoDigits = (bucket: number): string => String(bucket).padStart(2, '0');

export const chainPartition = (bucket: number): string => `${SEAL_KEY_PREFIX}${twoDigits(bucket)}`;
export const sealSortKey = (ordinal: number): string => String(ordinal).padStart(ORDINAL_DIGITS, '0');

export const HEADS_PARTITION = 'heads';
export const headSortKey = twoDigits;

export const unsealedPartition = (bucket: number): string => `${UNSEALED_KEY_PREFIX}${twoDigits(bucket)}`;

export const unsealedKey = ({
  accountId,
  key,
  occurredAtMs,
}: Pick<UnsealedFact, 'accountId' | 'key' | 'occurredAtMs'>): RowKey => ({
  pk: unsealedPartition(sealBucketOf(accountId)),
  sk: `${timeKey(occurredAtMs)}|${accountId}|${key}`,
});

/** Of the sort key and checksum of a row. */
export const unsealedFactOf = (sortKey: string, sum: string): UnsealedFact => {
  const [time = '', accountId = '', key = ''] = sortKey.split('|');
  return { occurredAtMs: Number(time), accountId: accountId as AccountId, key: key as FactKey, sum };
};

/**
 * The row that says that a fact, new to the view, is not sealed yet; undefined for one so old that a stream no longer brings it:
 * then the view is being rebuilt, and a seal holds the fact already.
 */
export const unsealedRowOf = (
  fact: Fact,
  { sk, sum }: Pick<ViewFact, 'sk' | 'sum'>,
  nowMs: number,
): (RowKey & { readonly sum: string }) | undefined => {
  if (fact.occurredAtMs < nowMs - SEALS.unsealedReachMs) return undefined;
  const { accountId, occurredAtMs } = fact;
  return { ...unsealedKey({ accountId, key: sk as FactKey, occurredAtMs }), sum };
};
