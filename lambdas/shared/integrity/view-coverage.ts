// Owns from when on a fact may be missing in a view without being lost: it may not have come yet.
// Leaves to the stream function the watermarks, to rehydrate-view the mark.
import type { RegionState } from '../../ports/region-state.ts';
import type { Rehydrations } from '../../ports/rehydration.ts';
import { HEARTBEAT_KEYS } from '../names.ts';

/** Facts carry the writer's clock, heartbeats that of their Region: two clocks of which each may be a second off, and a margin. */
const CLOCKS_APART_MS = 5_000;

/** -Infinity while the view is being rebuilt, or nothing has come through its stream yet. @throws RegionStateUnavailable */
export const viewCoversUntilMs = async (
  region: string,
  regionState: Pick<RegionState, 'watermarks'>,
  rehydrations: Pick<Rehydrations, 'read'>,
): Promise<number> => {
  // The mark is written before a watermark passes a gap: read the other way round, a gap could look covered.
  const marks = [...(await regionState.watermarks(region)).values()];
  const rehydration = await rehydrations.read();
  const isWhole = rehydration?.state !== 'rehydrating' && marks.length === HEARTBEAT_KEYS;
  return isWhole ? Math.min(...marks) - CLOCKS_APART_MS : Number.NEGATIVE_INFINITY;
};
