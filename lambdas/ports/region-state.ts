// Owns a Region's own small state: how far its view has come, and which peer it holds to be evacuated.
// None of it is in the ledger, so that it works when the ledger does not.

export interface RegionState {
  /** Records that heartbeat key `index` of `region`, written at `atMs`, has come through the local stream. Never goes back. */
  advanceWatermark(region: string, index: number, atMs: number): Promise<void>;
  /** Per heartbeat key of `region`, when the newest one projected was written; keys never seen are absent. */
  watermarks(region: string): Promise<ReadonlyMap<number, number>>;
  isEvacuated(region: string): Promise<boolean>;
  setEvacuated(region: string, evacuated: boolean): Promise<void>;
}

/** The Region's state could not be read or written in time. Every write of it may be repeated. */
export class RegionStateUnavailable extends Error {
  override readonly name = 'RegionStateUnavailable';
}
