// Owns how far an event source has come in each shard, on disk: written after success only, found again after a kill.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type ShardProgress =
  /** Everything up to and including this record is done. */
  | { readonly kind: 'after'; readonly sequenceNumber: string }
  /** The shard is closed and everything in it is done. */
  | { readonly kind: 'finished' };

export class Checkpoints {
  private shards: Record<string, ShardProgress>;

  constructor(
    private readonly file: string,
    /** Progress belongs to one stream: a new table has a new one, and starts anew. */
    private readonly streamArn: string,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    const stored = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { streamArn: string; shards: Record<string, ShardProgress> })
      : undefined;
    this.shards = stored?.streamArn === streamArn ? stored.shards : {};
  }

  of(shardId: string): ShardProgress | undefined {
    return this.shards[shardId];
  }

  set(shardId: string, progress: ShardProgress): void {
    this.shards[shardId] = progress;
    this.write();
  }

  /** Forgets a checkpoint whose records the stream no longer has. */
  clear(shardId: string): void {
    delete this.shards[shardId];
    this.write();
  }

  private write(): void {
    // Renaming replaces the file whole: a kill leaves the old one or the new one.
    writeFileSync(`${this.file}.new`, JSON.stringify({ streamArn: this.streamArn, shards: this.shards }));
    renameSync(`${this.file}.new`, this.file);
  }
}
