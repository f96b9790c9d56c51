// Owns that every write of an MREC table reaches every peer, however long a peer is away: one lane per peer.
// Leaves to clocks.ts what is owed on disk, to inbox.ts who wins.
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './clocks.ts';
import {
  REPLICATION_PATH,
  type ReplicatedChange,
  type ReplicationMessage,
  replicationHeaders,
} from './replication-wire.ts';

const BATCH = 50;
const REQUEST_TIMEOUT_MS = 2000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 1000;

export interface LaneOptions {
  readonly peer: { readonly region: string; readonly dynamodbUrl: string };
  /** A new lag for one change, milliseconds. */
  readonly lagMs: () => number;
  /** The item's last write as it is now, or undefined when this Region no longer owes it. */
  readonly owedNow: (id: string) => Promise<{ readonly clock: Clock; readonly change: ReplicatedChange } | undefined>;
  readonly delivered: (clock: Clock, peer: string) => Promise<void>;
}

export class Lane {
  private readonly dueAtMs = new Map<string, number>();
  private isConnected = true;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private readonly finished: Promise<void>;

  constructor(private readonly options: LaneOptions) {
    this.finished = this.run();
  }

  get region(): string {
    return this.options.peer.region;
  }

  owe(id: string): void {
    this.dueAtMs.set(id, Date.now() + this.options.lagMs());
    this.wake();
  }

  setConnected(isConnected: boolean): void {
    this.isConnected = isConnected;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.finished;
  }

  private async run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      const due = this.due();
      if (due.length === 0) {
        await this.pause();
        continue;
      }
      try {
        await this.deliver(due);
        retryMs = FIRST_RETRY_MS;
      } catch {
        // The peer is away or isolated: owed on, on disk as well.
        await delay(retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  private due(): string[] {
    if (!this.isConnected) return [];
    const nowMs = Date.now();
    return [...this.dueAtMs]
      .filter(([, atMs]) => atMs <= nowMs)
      .slice(0, BATCH)
      .map(([id]) => id);
  }

  /** Until something is due, something is owed, or the network changes. */
  private pause(): Promise<void> {
    const nextAtMs = this.isConnected ? Math.min(...this.dueAtMs.values()) : Number.POSITIVE_INFINITY;
    return new Promise((resolve) => {
      const timer = Number.isFinite(nextAtMs) ? setTimeout(resolve, Math.max(1, nextAtMs - Date.now())) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async deliver(ids: readonly string[]): Promise<void> {
    const dueBefore = new Map(ids.map((id) => [id, this.dueAtMs.get(id)]));
    const owed = (await Promise.all(ids.map((id) => this.options.owedNow(id)))).filter((one) => one !== undefined);
    if (owed.length > 0) {
      const message: ReplicationMessage = { changes: owed.map(({ change }) => change) };
      const response = await fetch(`${this.options.peer.dynamodbUrl}${REPLICATION_PATH}`, {
        method: 'POST',
        headers: replicationHeaders,
        body: JSON.stringify(message),
        signal: AbortSignal.any([AbortSignal.timeout(REQUEST_TIMEOUT_MS), this.stopping.signal]),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${this.region} answered ${response.status}`);
      await Promise.all(owed.map(({ clock }) => this.options.delivered(clock, this.region)));
    }
    for (const id of ids) {
      // Written again meanwhile: owed again.
      if (this.dueAtMs.get(id) === dueBefore.get(id)) this.dueAtMs.delete(id);
    }
  }
}
