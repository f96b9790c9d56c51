// Owns one run over all chains of seals, called every minute, and what is told of it.
// Leaves to work-chain.ts what is done to a chain, and to the next run what a store that is away kept this one from.
import { SEAL_BUCKETS } from '../domain/seal.ts';
import { LedgerUnavailable } from '../ports/event-log.ts';
import { type RegionState, RegionStateUnavailable } from '../ports/region-state.ts';
import type { Rehydrations } from '../ports/rehydration.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import { heardUntilMs } from '../shared/heard.ts';
import { METRICS } from '../shared/metric-names.ts';
import { SEALS } from '../shared/policies.ts';
import { errorFields } from '../shared/telemetry.ts';
import { type ChainDeps, type ChainEnd, type Run, workChain } from './work-chain.ts';

export interface SealWindowsDeps extends ChainDeps {
  readonly regionState: Pick<RegionState, 'watermarks'>;
  readonly rehydrations: Pick<Rehydrations, 'read'>;
}

/**
 * How old the oldest seal is that this Region cannot verify is told only when every chain was looked at: silence says that nobody
 * knows. @throws Error for what nobody foresaw, once the other chains are done
 */
export const createSealWindowsHandler = (deps: SealWindowsDeps) => async (): Promise<void> => {
  const { clock, telemetry } = deps;
  const startedMs = clock.nowMs();
  try {
    const ends = await workChains(deps, startedMs);
    if (ends.length < SEAL_BUCKETS) return;
    const ages = ends.map(({ blockedByMs }) => (blockedByMs === undefined ? 0 : startedMs - blockedByMs));
    telemetry.milliseconds(METRICS.oldestUnverifiedSealMs, Math.max(0, ...ages));
  } finally {
    telemetry.flush();
  }
};

/** The ends of the chains that could be worked on. */
const workChains = async (deps: SealWindowsDeps, startedMs: number): Promise<readonly ChainEnd[]> => {
  const ends: ChainEnd[] = [];
  const unforeseen: unknown[] = [];
  const note = (error: unknown): void => {
    deps.telemetry.warn('chain of seals not worked on', errorFields(error));
    if (!isPassing(error)) unforeseen.push(error);
  };
  try {
    const run: Run = { coveredMs: await coveredMs(deps), stopAtMs: startedMs + SEALS.budgetMs };
    const heads = await deps.work.heads();
    const buckets = inTurn(startedMs);
    const workNext = async (): Promise<void> => {
      for (const bucket of buckets) {
        if (deps.clock.nowMs() >= run.stopAtMs) return;
        await workChain(deps, bucket, heads.get(bucket), run).then((end) => ends.push(end), note);
      }
    };
    await Promise.all(Array.from({ length: SEALS.bucketsAtOnce }, workNext));
  } catch (error) {
    note(error);
  }
  if (unforeseen.length > 0) throw unforeseen[0];
  return ends;
};

/** Chains come in an order that changes with the time, so that a run that ends early starves none of them. */
const inTurn = (nowMs: number): IterableIterator<number> => {
  const first = Math.floor(nowMs / 60_000) % SEAL_BUCKETS;
  return Array.from({ length: SEAL_BUCKETS }, (_, step) => (first + step) % SEAL_BUCKETS).values();
};

/** Heartbeats say how far the stream has come; a view that is known to have holes is being rebuilt and says nothing. */
const coveredMs = async ({ region, regionState, rehydrations }: SealWindowsDeps): Promise<number> => {
  const [watermarks, rehydration] = await Promise.all([regionState.watermarks(region), rehydrations.read()]);
  return rehydration?.state === 'rehydrating' ? 0 : (heardUntilMs(watermarks) ?? 0);
};

const isPassing = (error: unknown): boolean =>
  error instanceof LedgerUnavailable || error instanceof ViewUnavailable || error instanceof RegionStateUnavailable;
