// Owns the moment at which a Region learns that its view has a hole: before its watermark makes the view look fresh again.
// Leaves to lambdas/rehydrate-view how the hole is closed.
import type { Clock } from '../ports/clock.ts';
import type { RegionState } from '../ports/region-state.ts';
import type { Rehydrations } from '../ports/rehydration.ts';
import { METRICS } from '../shared/metric-names.ts';
import { STREAM_REACH_SECONDS } from '../shared/names.ts';
import type { Telemetry } from '../shared/telemetry.ts';

/** Clocks of two machines, and the seconds between a record's end and its being given up. */
const MARGIN_MS = 60_000;

interface GapDeps {
  readonly region: string;
  readonly regionState: Pick<RegionState, 'watermarks'>;
  readonly rehydrations: Pick<Rehydrations, 'begin' | 'read'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Told the own keys of a batch, before their watermarks advance. @throws RegionStateUnavailable; then no watermark may advance */
export type GapWatch = (ownBeats: readonly { readonly key: number }[]) => Promise<void>;

/**
 * Marks the view for its rebuild when the watermark of one of the Region's own keys, about to advance, is so old that records
 * behind it were given up unread. A rebuild that began after they were written has read them from the ledger. One a worker: a
 * watermark never goes back, so it is read again only when what was last seen of it would itself be that old.
 */
export const watchForGaps = ({ region, regionState, rehydrations, clock, telemetry }: GapDeps): GapWatch => {
  let lastRead: ReadonlyMap<number, number> = new Map();
  return async (ownBeats) => {
    const nowMs = clock.nowMs();
    const reachedMs = nowMs - STREAM_REACH_SECONDS * 1000 + MARGIN_MS;
    const isYoung = ({ key }: { readonly key: number }) => (lastRead.get(key) ?? 0) >= reachedMs;
    if (ownBeats.every(isYoung)) return;
    lastRead = await regionState.watermarks(region);
    // Of what is behind one that was never seen the view says since when it is whole; where nobody has looked yet, nothing is missed.
    const isNew = ownBeats.every((beat) => !lastRead.has(beat.key) || isYoung(beat));
    if (isNew && ((await rehydrations.read())?.startedAtMs ?? nowMs) >= reachedMs) return;
    if (!(await rehydrations.begin('stream-gap', nowMs, { startedBeforeMs: reachedMs }))) return;
    telemetry.count(METRICS.streamGaps);
    telemetry.warn('facts may have left the stream unread: the view is rebuilt', { region });
  };
};
