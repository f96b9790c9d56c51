// Owns from when on a fact may be missing in a view without being lost: it may not have come yet.
// Leaves to the stream function the watermarks, to rehydrate-view the mark.
import type { RegionState } from '../../ports/region-state.ts';
import type { Rehydrations } from '../../ports/rehydration.ts';
import { heardUntilMs } from '../heard.ts';

/** Facts carry the writer's clock, heartbeats that of their Region: two clocks of which each may be a second off, and a margin. */
const CLOCKS_APART_MS = 5_000;

/** -Infinity while the view is being rebuilt, or nothing has come through its stream yet. @throws RegionStateUnavailable */
export const viewCoversUntilMs = async (
  region: string,
  regionState: Pick<RegionState, 'watermarks'>,
  rehydrations: Pick<Rehydrations, 'read'>,
): Promise<number> => {
  // The mark is written before a watermark passes a gap: read the other way round, a gap could look covered.
  const untilMs = heardUntilMs(await regionState.watermarks(region));
  const rehydration = await rehydrations.read();
  if (untilMs === undefined || rehydration?.state === 'rehydrating') return Number.NEGATIVE_INFINITY;
  return untilMs - CLOCKS_APART_MS;
};
