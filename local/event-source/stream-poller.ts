// Owns an event source mapping of a DynamoDB stream: its shards, one reader each, parents before children.
// Leaves to shard-reader.ts how a shard is read. Everything is asked with the function's own credentials.
import { join } from 'node:path';
import { DescribeStreamCommand, DynamoDBStreamsClient, type Shard } from '@aws-sdk/client-dynamodb-streams';
import type { StreamSourcePlan } from '../assembly/plan.ts';
import type { DeliveryFaults } from '../delivery-faults.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { Checkpoints } from './checkpoints.ts';
import { deliverBatch } from './deliver-batch.ts';
import { failureRecord } from './failure-record.ts';
import { ShardReader } from './shard-reader.ts';
import { stoppablePauses } from './stoppable-pauses.ts';

export interface StreamPollerOptions {
  /** `streamArn` is a real one by now. */
  readonly plan: StreamSourcePlan;
  readonly region: string;
  readonly functionArn: string;
  readonly accessKeyId: string;
  /** The Region's DynamoDB endpoint, which serves streams too. */
  readonly endpoint: string;
  readonly dataDir: string;
  readonly invoke: (event: string) => Promise<InvocationResult>;
  /** Failure records of batches that were given up. */
  readonly onFailure: (message: string) => void;
  readonly onTrouble: (what: string) => void;
  /** Age of the last record of each batch that is handed over, milliseconds. */
  readonly onIteratorAge?: (ageMs: number) => void;
  readonly nowMs: () => number;
  /** What was ordered to go wrong with its batches; absent: nothing. */
  readonly faults?: DeliveryFaults;
  /** Keeps how far it has come, in `dataDir`; absent: named after the function. */
  readonly checkpointsName?: string;
}

export interface StreamPoller {
  /** Age of the oldest record that was read and is not done, milliseconds. */
  lagMs(): number;
  /** Whether everything that the stream held at some moment since the start is done. */
  caughtUp(): boolean;
  stop(): Promise<void>;
}

/** How often new shards are looked for. */
const SHARDS_MS = 5_000;
const REQUEST_TIMEOUT_MS = 3_000;

export const checkpointsFile = (dataDir: string, name: string): string => join(dataDir, 'checkpoints', `${name}.json`);

export function startStreamPoller(options: StreamPollerOptions): StreamPoller {
  if (options.plan.parallelizationFactor !== 1) {
    throw new Error(
      `event source of ${options.plan.functionName}: a parallelization factor of ${options.plan.parallelizationFactor} is not emulated, only 1`,
    );
  }
  const poller = new Poller(options);
  const running = poller.run();
  return {
    lagMs: () => poller.lagMs(),
    caughtUp: () => poller.caughtUp(),
    stop: async () => {
      poller.stop();
      await running;
    },
  };
}

class Poller {
  private readonly client: DynamoDBStreamsClient;
  private readonly checkpoints: Checkpoints;
  private readonly readers = new Map<string, { readonly reader: ShardReader; readonly done: Promise<void> }>();
  private readonly pauses = stoppablePauses();

  constructor(private readonly options: StreamPollerOptions) {
    const { plan, region, endpoint, accessKeyId, dataDir, checkpointsName = plan.functionName } = options;
    this.client = new DynamoDBStreamsClient({
      region,
      endpoint,
      credentials: { accessKeyId, secretAccessKey: 'local' },
      requestHandler: { connectionTimeout: 500, requestTimeout: REQUEST_TIMEOUT_MS },
    });
    this.checkpoints = new Checkpoints(checkpointsFile(dataDir, checkpointsName), plan.streamArn);
  }

  lagMs(): number {
    return Math.max(0, ...[...this.readers.values()].map(({ reader }) => reader.lagMs()));
  }

  caughtUp(): boolean {
    return this.readers.size > 0 && [...this.readers.values()].every(({ reader }) => reader.caughtUp);
  }

  stop(): void {
    this.pauses.stop();
  }

  async run(): Promise<void> {
    while (!this.pauses.stopped()) {
      try {
        this.startReaders(await this.shards());
      } catch (error) {
        if (!this.pauses.stopped()) this.options.onTrouble(`stream ${this.options.plan.streamArn}: ${String(error)}`);
      }
      await this.pauses.pause(SHARDS_MS);
    }
    await Promise.all([...this.readers.values()].map(({ done }) => done));
    this.client.destroy();
  }

  private async shards(): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const { StreamDescription } = await this.client.send(
        new DescribeStreamCommand({
          StreamArn: this.options.plan.streamArn,
          ...(ExclusiveStartShardId === undefined ? {} : { ExclusiveStartShardId }),
        }),
      );
      shards.push(...(StreamDescription?.Shards ?? []));
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId !== undefined);
    return shards;
  }

  private startReaders(shards: readonly Shard[]): void {
    const present = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId, ParentShardId } of shards) {
      if (ShardId === undefined || this.readers.has(ShardId)) continue;
      if (this.checkpoints.of(ShardId)?.kind === 'finished') continue;
      // Order per item holds across a split only when the parent is done first.
      const parentOpen =
        ParentShardId !== undefined &&
        present.has(ParentShardId) &&
        this.checkpoints.of(ParentShardId)?.kind !== 'finished';
      if (!parentOpen) this.startReader(ShardId);
    }
  }

  private startReader(shardId: string): void {
    const { plan, invoke, nowMs, onFailure, onTrouble, onIteratorAge, functionArn, faults } = this.options;
    const { pause, stopped } = this.pauses;
    const { client, checkpoints } = this;
    const reader = new ShardReader({
      client,
      plan,
      shardId,
      checkpoints,
      nowMs,
      pause,
      stopped,
      onTrouble,
      run: (records) =>
        deliverBatch(records, {
          plan,
          invoke,
          nowMs,
          pause,
          stopped,
          ...(faults === undefined ? {} : { faults }),
          ...(onIteratorAge === undefined ? {} : { onIteratorAge }),
          onProgress: (sequenceNumber) => checkpoints.set(shardId, { kind: 'after', sequenceNumber }),
          onDiscard: (batch) =>
            onFailure(failureRecord(batch, { functionArn, streamArn: plan.streamArn, shardId }, nowMs())),
        }),
    });
    const done = reader.read().then(() => {
      this.readers.delete(shardId);
    });
    this.readers.set(shardId, { reader, done });
  }
}
