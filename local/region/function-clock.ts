// Owns the time that a Region's functions see: the Region's, and ahead of it when the clock of their host is to be wrong.
// Leaves to the Region's clock what DynamoDB, queues and everything else see.
import { MovableClock } from '../movable-clock.ts';

export interface FunctionClock {
  /** Read by worker threads. */
  readonly offset: SharedArrayBuffer;
  /** @throws Error when it would go back: starting the Region anew is what sets it right */
  skew(aheadMs: number): void;
}

export const followingClock = (clock: MovableClock): FunctionClock => {
  const seen = new MovableClock(Date.now, clock.offsetMs);
  let skewMs = 0;
  const follow = (): void => seen.moveTo(clock.offsetMs + skewMs);
  clock.onMove(follow);
  return {
    offset: seen.offset,
    skew: (aheadMs) => {
      skewMs = aheadMs;
      follow();
    },
  };
};
