// Owns what a Region remembers of the redrives that it made by itself, a queue each: when, and whether the letters came back.
// Leaves to lambdas/redrive when one is due. Like all region-state it works when the ledger does not.
export interface Redrive {
  readonly startedAtMs: number;
  /** When letters were last seen that may be those that were moved; at first `startedAtMs`. */
  readonly seenAtMs: number;
  /** Letters came back, and people were told that they are theirs now. */
  readonly isLeftToPeople: boolean;
}

/** A queue is known by its slug. @throws RegionStateUnavailable, as every method here */
export interface Redrives {
  last(queue: string): Promise<Redrive | undefined>;
  /** Claims the right to make one. False: letters of an earlier one were seen at `unseenSinceMs` or later. */
  claim(queue: string, nowMs: number, unseenSinceMs: number): Promise<boolean>;
  /** Keeps in mind that letters of the last one are still, or again, there. */
  noteCameBack(queue: string, nowMs: number): Promise<void>;
}
