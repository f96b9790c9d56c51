// Owns the rebuild of a Region's view from its own replica of the ledger: a page at a time, with a checkpoint after each.
// Leaves to the view store that a fact counts once, to the stream what is written meanwhile, and to the next call of the
// schedule what this one leaves undone.
import type { Clock } from '../ports/clock.ts';
import { type CorruptFact, type EventLog, LedgerUnavailable } from '../ports/event-log.ts';
import { RegionStateUnavailable } from '../ports/region-state.ts';
import {
  REHYDRATION_SEGMENTS,
  type Rehydration,
  type Rehydrations,
  type SegmentProgress,
} from '../ports/rehydration.ts';
import { type ViewStore, ViewUnavailable } from '../ports/view-store.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { Pacing } from '../shared/pacing.ts';
import { RETRIES, RUNS } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface RehydrateViewDeps {
  readonly ledger: Pick<EventLog, 'scan'>;
  readonly views: Pick<ViewStore, 'apply'>;
  readonly rehydrations: Rehydrations;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const { lastsMs, pageItems, smallLedgerItems } = RUNS.rebuild;
const { tries: PAGE_TRIES } = RETRIES.rebuiltPage;

/** @throws Error for what nobody foresaw; the checkpoint keeps what was done. */
export const createRehydrateViewHandler = (deps: RehydrateViewDeps) => async (): Promise<void> => {
  try {
    const run = (await deps.rehydrations.read()) ?? (await firstLook(deps));
    if (run?.state === 'rehydrating') await rebuild(deps, run);
    await report(deps);
  } finally {
    deps.telemetry.flush();
  }
};

/**
 * Nothing says that this view ever was whole: the Region may have been made beside an old ledger, whose first facts no stream
 * has any more. The ledger is read before a word is written: a Region that cannot reach it goes on with the view it has.
 */
const firstLook = async (deps: RehydrateViewDeps): Promise<Rehydration | undefined> => {
  const { ledger, views, rehydrations, clock, telemetry } = deps;
  const startedAtMs = clock.nowMs();
  const corrupt = new Corrupt(telemetry);
  try {
    const { facts, cursor } = await ledger.scan({ limit: smallLedgerItems, onCorrupt: corrupt.add });
    if (cursor === undefined) {
      await views.apply(facts);
      corrupt.tell();
      await rehydrations.declareCurrent(startedAtMs, facts.length);
    } else {
      await rehydrations.begin('new-view', startedAtMs, 'none');
    }
  } catch (error) {
    if (!isPassing(error)) throw error;
    telemetry.warn('the ledger cannot be looked at yet', errorFields(error));
  }
  return rehydrations.read();
};

const rebuild = async (deps: RehydrateViewDeps, run: Rehydration): Promise<void> => {
  const stopAtMs = deps.clock.nowMs() + lastsMs;
  const ends = await Promise.allSettled(
    run.segments.map((progress, segment) => rebuildSegment(deps, run, { segment, progress, stopAtMs })),
  );
  await deps.rehydrations.finish(run);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

interface Part {
  readonly segment: number;
  readonly progress: SegmentProgress;
  readonly stopAtMs: number;
}

const rebuildSegment = async (deps: RehydrateViewDeps, run: Rehydration, part: Part): Promise<void> => {
  let from = part.progress;
  let failures = 0;
  while (from.kind !== 'done' && deps.clock.nowMs() < part.stopAtMs) {
    try {
      const next = await rebuildPage(deps, run, part.segment, from);
      // Another worker has done this page, or a newer run everything: it goes on from there.
      if (next === undefined) return;
      from = next;
      failures = 0;
    } catch (error) {
      if (!isPassing(error)) throw error;
      failures += 1;
      deps.telemetry.warn('page not rebuilt', { count: part.segment, ...errorFields(error) });
      if (failures === PAGE_TRIES) return;
      await deps.pacing.pause(failures);
    }
  }
};

/** Where the next page begins; undefined when it is no longer this worker's. */
const rebuildPage = async (
  { ledger, views, rehydrations, telemetry }: RehydrateViewDeps,
  run: Rehydration,
  segment: number,
  from: SegmentProgress,
): Promise<SegmentProgress | undefined> => {
  const corrupt = new Corrupt(telemetry);
  const { facts, cursor } = await ledger.scan({
    limit: pageItems,
    segment: { index: segment, of: REHYDRATION_SEGMENTS },
    onCorrupt: corrupt.add,
    ...(from.kind === 'at' ? { cursor: from.cursor } : {}),
  });
  await views.apply(facts);
  const to: SegmentProgress = cursor === undefined ? { kind: 'done' } : { kind: 'at', cursor };
  const step = { from, to, applied: facts.length, corrupt: corrupt.count };
  if (!(await rehydrations.advance(run, segment, step))) return undefined;
  corrupt.tell();
  return to;
};

/** What a page held that fails its checks: told once the page is done, so that a repeated page is not told twice. */
class Corrupt {
  readonly #errors: CorruptFact[] = [];

  constructor(private readonly telemetry: Telemetry) {}

  add = (error: CorruptFact): void => void this.#errors.push(error);

  get count(): number {
    return this.#errors.length;
  }

  tell(): void {
    if (this.count > 0) this.telemetry.count(METRICS.corruptFact, this.count);
    for (const { accountId, key: factKey, reason } of this.#errors) {
      this.telemetry.error('corrupt fact left out of the view', { accountId, factKey, reason });
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof LedgerUnavailable || error instanceof ViewUnavailable || error instanceof RegionStateUnavailable;

/** Every minute, so that an alarm sees a view that is not whole, and silence. */
const report = async ({ rehydrations, telemetry }: RehydrateViewDeps): Promise<void> => {
  const run = await rehydrations.read();
  if (run === undefined) return;
  const done = run.segments.filter(({ kind }) => kind === 'done').length;
  const isCurrent = run.state === 'current';
  telemetry.count(METRICS.rehydrationProgress, isCurrent ? 100 : Math.min(99, (100 * done) / REHYDRATION_SEGMENTS));
  if (!isCurrent) telemetry.info('rehydrating', { count: run.factsApplied, reason: run.reason });
};
