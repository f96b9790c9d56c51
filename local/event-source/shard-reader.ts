// Owns reading one shard in order: the iterator, the batch and its window, the checkpoint, the shard's end.
// Leaves to batch-runner.ts what happens to a batch, and to stream-poller.ts which shards there are.
import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamSourcePlan } from '../assembly/plan.ts';
import type { Checkpoints } from './checkpoints.ts';
import { createdAtMs, type StreamRecord } from './records.ts';

export interface ShardReaderOptions {
  readonly client: DynamoDBStreamsClient;
  readonly plan: StreamSourcePlan;
  readonly shardId: string;
  readonly checkpoints: Checkpoints;
  readonly run: (records: readonly StreamRecord[]) => Promise<void>;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly stopped: () => boolean;
  readonly onTrouble: (what: string) => void;
}

/** Lambda asks each shard four times a second. */
const POLL_MS = 250;
const TROUBLE_PAUSE_MS = 1_000;
/** GetRecords gives at most 1000. */
const MAX_RECORDS = 1_000;

export class ShardReader {
  private pendingSinceMs: number | undefined;
  private reachedEnd = false;

  constructor(private readonly options: ShardReaderOptions) {}

  /** Age of the oldest record that was read and is not done, milliseconds; 0 when all that was read is done. */
  lagMs(): number {
    return this.pendingSinceMs === undefined ? 0 : Math.max(0, this.options.nowMs() - this.pendingSinceMs);
  }

  /** Whether all that the shard held at some moment is done. */
  get caughtUp(): boolean {
    return this.reachedEnd;
  }

  /** Resolves at the shard's end, or when the source is stopped. Never rejects: trouble is told and tried again. */
  async read(): Promise<void> {
    const { options } = this;
    let iterator: string | undefined;
    while (!options.stopped()) {
      try {
        iterator ??= await this.iterator();
        const batch = await this.gather(iterator);
        if (batch.records.length > 0) {
          await options.run(batch.records);
          if (options.stopped()) return;
          this.pendingSinceMs = undefined;
        }
        if (batch.next === undefined) {
          options.checkpoints.set(options.shardId, { kind: 'finished' });
          return;
        }
        iterator = batch.next;
        if (batch.records.length > 0) continue;
        this.reachedEnd = true;
        await options.pause(POLL_MS);
      } catch (error) {
        if (options.stopped()) return;
        iterator = undefined;
        await this.recover(error);
      }
    }
  }

  /** Fills a batch until it is full, its window has passed, or, without a window, something is there. */
  private async gather(from: string): Promise<{ readonly records: StreamRecord[]; readonly next: string | undefined }> {
    const { client, plan, nowMs, pause, stopped } = this.options;
    const records: StreamRecord[] = [];
    let next: string | undefined = from;
    let windowEndsAtMs: number | undefined;
    do {
      const Limit = Math.min(MAX_RECORDS, plan.batchSize - records.length);
      const answer: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator: next, Limit }));
      next = answer.NextShardIterator;
      records.push(...(answer.Records ?? []));
      const [first] = records;
      if (first === undefined) return { records, next };
      this.pendingSinceMs ??= createdAtMs(first);
      windowEndsAtMs ??= nowMs() + plan.batchingWindowSeconds * 1000;
      if (records.length >= plan.batchSize || next === undefined || nowMs() >= windowEndsAtMs) return { records, next };
      await pause(Math.min(POLL_MS, Math.max(0, windowEndsAtMs - nowMs())));
    } while (!stopped());
    return { records, next };
  }

  private async iterator(): Promise<string> {
    const { client, plan, shardId, checkpoints } = this.options;
    const progress = checkpoints.of(shardId);
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamArn: plan.streamArn,
        ShardId: shardId,
        ...(progress?.kind === 'after'
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: progress.sequenceNumber }
          : { ShardIteratorType: plan.startingPosition }),
      }),
    );
    if (ShardIterator === undefined) throw new Error(`shard ${shardId} gave no iterator`);
    return ShardIterator;
  }

  private async recover(error: unknown): Promise<void> {
    const { options } = this;
    const name = error instanceof Error ? error.name : 'unknown';
    if (name === 'ExpiredIteratorException') return;
    if (name === 'TrimmedDataAccessException') {
      options.onTrouble(
        `shard ${options.shardId}: the records after the checkpoint are gone, going on with the oldest there is`,
      );
      options.checkpoints.clear(options.shardId);
      return;
    }
    options.onTrouble(`shard ${options.shardId}: ${String(error)}`);
    await options.pause(TROUBLE_PAUSE_MS);
  }
}
