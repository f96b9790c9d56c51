// Owns the twin of the heartbeats in memory: written at once, the store's clock the same as the caller's.
// Leaves to adapters/dynamo the proof that a Region reaches its ledger.
import type { HeartbeatResult, Heartbeats } from '../../ports/heartbeats.ts';

export class MemoryHeartbeats implements Heartbeats {
  /** Epoch milliseconds of the last beat of each key. */
  readonly written = new Map<number, number>();

  async beat(index: number, atMs: number): Promise<HeartbeatResult> {
    this.written.set(index, atMs);
    return { kind: 'written', clockSkewMs: 0 };
  }
}
