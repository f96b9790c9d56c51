// Owns one replica's stream of one table: four shards by partition, each in the order in which this replica applied.
// Leaves to replica.ts when a change is applied, to streams-api.ts the protocol.
import { hash32 } from '../seeded-random.ts';
import { RETENTION_MS } from './commit-log.ts';
import type { LogEntry } from './log-entry.ts';

export const SHARD_COUNT = 4;

export interface StreamRecord {
  /** Grows over all shards of a replica, from 1; survives restarts. */
  readonly position: number;
  readonly entry: LogEntry;
}

export class StreamShards {
  private readonly shards: StreamRecord[][] = Array.from({ length: SHARD_COUNT }, () => []);

  add(record: StreamRecord): void {
    this.shards[hash32(record.entry.partition) % SHARD_COUNT]?.push(record);
  }

  /** Up to `limit` records of a shard behind `position`, oldest first. */
  after(shard: number, position: number, limit: number): readonly StreamRecord[] {
    const records = this.shards[shard] ?? [];
    const first = this.firstBehind(records, position);
    return records.slice(first, first + limit);
  }

  has(shard: number, position: number): boolean {
    const records = this.shards[shard] ?? [];
    return records[this.firstBehind(records, position - 1)]?.position === position;
  }

  /** Position of the newest record of a shard; 0 when it is empty. */
  last(shard: number): number {
    return this.shards[shard]?.at(-1)?.position ?? 0;
  }

  /** Position of the oldest record of a shard still kept. */
  first(shard: number): number | undefined {
    return this.shards[shard]?.[0]?.position;
  }

  trim(nowMs: number): void {
    for (const records of this.shards) {
      const kept = records.findIndex((record) => record.entry.atMs > nowMs - RETENTION_MS);
      records.splice(0, kept === -1 ? records.length : kept);
    }
  }

  private firstBehind(records: readonly StreamRecord[], position: number): number {
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((records[middle]?.position ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
