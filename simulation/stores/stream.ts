// Owns one Region's stream of the ledger and its event source: shards that go on alone, in order, each batch until it is taken.
// Leaves to project-facts what a record means.
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { STREAM_REACH_SECONDS } from '../../lambdas/shared/names.ts';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { RegionName } from '../world/network.ts';

/** A stream has at least four. */
const SHARDS = 4;
const BATCH_RECORDS = 25;

interface Arrived {
  readonly record: DynamoDBRecord;
  readonly atMs: number;
}

interface Shard {
  readonly records: Arrived[];
  isRead: boolean;
}

export interface StreamDeps {
  readonly region: RegionName;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: FaultBoard;
  /** Whether anybody is there to read. */
  readonly isConsumed: () => boolean;
  readonly consume: (records: readonly DynamoDBRecord[]) => Promise<DynamoDBBatchResponse | 'died'>;
}

export class RegionStream {
  readonly #givenUp = new Set<string>();
  readonly #shards: readonly Shard[] = Array.from({ length: SHARDS }, () => ({ records: [], isRead: false }));

  constructor(private readonly deps: StreamDeps) {}

  /** All records of an item are in one shard. */
  append(record: DynamoDBRecord): void {
    const shard = this.#shards[shardOf(record.dynamodb?.Keys?.pk?.S ?? '')] as Shard;
    shard.records.push({ record, atMs: this.deps.time.nowMs });
    void this.#read(shard);
  }

  /** Somebody is there to read again. */
  resume(): void {
    for (const shard of this.#shards) void this.#read(shard);
  }

  /** Whether any record left the stream unread. */
  get hasGivenUp(): boolean {
    return this.#givenUp.size > 0;
  }

  /** Whether the record of an item left the stream unread. */
  wasGivenUp(partition: string, key: string): boolean {
    return this.#givenUp.has(`${partition}|${key}`);
  }

  async #read(shard: Shard): Promise<void> {
    if (shard.isRead) return;
    shard.isRead = true;
    const { region, time, random, faults, isConsumed, consume } = this.deps;
    while (shard.records.length > 0) {
      await time.sleep(
        faults.strikes('slow-shards', region) ? random.between(5_000, 60_000) : random.between(200, 1_200),
      );
      if (!isConsumed()) break;
      this.#giveUpOld(shard);
      const batch = shard.records.slice(0, BATCH_RECORDS);
      const response =
        batch.length === 0 ? { batchItemFailures: [] } : await consume(batch.map(({ record }) => record));
      const taken = response === 'died' ? 0 : takenOf(batch, response);
      if (taken < batch.length) await time.sleep(random.between(1_000, 3_000));
      // The checkpoint is not always kept: Lambda gives a batch at least once.
      else if (batch.length > 0 && faults.strikes('repeated-batches', region)) continue;
      shard.records.splice(0, taken);
    }
    shard.isRead = false;
  }

  #giveUpOld(shard: Shard): void {
    const oldest = this.deps.time.nowMs - STREAM_REACH_SECONDS * 1_000;
    const young = shard.records.findIndex(({ atMs }) => atMs >= oldest);
    const lost = shard.records.splice(0, young === -1 ? shard.records.length : young);
    for (const { record } of lost) {
      const { pk, sk } = record.dynamodb?.Keys ?? {};
      this.#givenUp.add(`${pk?.S}|${sk?.S}`);
      this.deps.faults.count('stream-past-retention');
    }
  }
}

/** Heartbeats of a Region are in all shards, accounts wherever their names lead. */
const shardOf = (partition: string): number =>
  [...partition].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % SHARDS;

/** Everything before the first failure is done. */
const takenOf = (batch: readonly Arrived[], { batchItemFailures }: DynamoDBBatchResponse): number => {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const first = batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? ''));
  return first === -1 ? batch.length : first;
};
