// Owns how far the stream of a Region has come, by the heartbeats that came through it.
// Leaves to project-facts what they are written down as, to its readers what they believe for it.
import { HEARTBEAT_KEYS } from './names.ts';

/** What was written before it, in epoch milliseconds, has come. Undefined while a key was never heard: of its shard nothing is known. */
export const heardUntilMs = (watermarks: ReadonlyMap<number, number>): number | undefined =>
  watermarks.size < HEARTBEAT_KEYS ? undefined : Math.min(...watermarks.values());
