// Owns the proof that a Region can write and read the ledger: heartbeats, outside the fact namespace.

export interface HeartbeatResult {
  /** `throttled` counts as healthy: the limit is shared, and moving traffic would make it worse. */
  readonly kind: 'written' | 'throttled';
  /** The store's own clock (HTTP `Date`, whole seconds) less this machine's, in milliseconds; absent when not sent. */
  readonly clockSkewMs?: number;
}

export interface Heartbeats {
  /** Overwrites heartbeat key `index` of this Region and reads it back strongly. @throws LedgerUnavailable */
  beat(index: number, atMs: number): Promise<HeartbeatResult>;
}
