// Owns how the sweep finds payments that the processor may have something to do for, without reading all there are.
// Leaves to domain/settlement.ts whether there is anything to do.
import type { AccountId } from '../domain/ids.ts';
import type { StreamId } from '../domain/keys.ts';

export interface OpenStream {
  readonly accountId: AccountId;
  readonly stream: StreamId;
}

export interface OpenWorkIndex {
  /** Streams of one shard, 0 to OPEN_WORK_SHARDS - 1, that this Region's view holds open. @throws ViewUnavailable, InvalidCursor */
  open(
    shard: number,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly streams: readonly OpenStream[]; readonly cursor?: string }>;
}

/** Partitions of the index: a partition takes 500 transactional writes a second, a payment makes 3, so together some 2,600 payments. */
export const OPEN_WORK_SHARDS = 16;
