// Owns two Regions that seal one ledger, in memory: each with a stream that a test delivers from, lags and drops as it likes.
// Leaves to the tests what is written and when which Region runs.
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { MemoryRegionState } from '../../../lambdas/adapters/memory/region-state.ts';
import { MemoryRehydrations } from '../../../lambdas/adapters/memory/rehydration.ts';
import { MemoryScrubbing } from '../../../lambdas/adapters/memory/scrubbing.ts';
import { MemorySealLog } from '../../../lambdas/adapters/memory/seal-log.ts';
import { MemorySealWork } from '../../../lambdas/adapters/memory/seal-work.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import type { Seal } from '../../../lambdas/domain/seal.ts';
import {
  createSealWindowsHandler,
  type SealWindowsDeps,
} from '../../../lambdas/seal-windows/create-seal-windows-handler.ts';
import { HEARTBEAT_KEYS } from '../../../lambdas/shared/names.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

export const nameOf = (fact: Pick<Fact, 'accountId' | 'stream' | 'ordinal'>): string =>
  `${fact.accountId}|${keyOf(fact)}`;

/** A ledger, its chains, and the time. */
export class Shared {
  readonly ledger = new MemoryEventLog();
  readonly seals = new MemorySealLog();
  readonly facts: Fact[] = [];

  constructor(readonly clock: ManualClock) {}

  async append(...facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) if ((await this.ledger.append(fact)).kind === 'appended') this.facts.push(fact);
  }

  async allSeals(): Promise<readonly Seal[]> {
    const chains = await Promise.all(
      [...this.seals.chains.keys()].map((bucket) => this.seals.after(bucket, 0, 10_000)),
    );
    return chains.flatMap(({ seals, corrupt }) => {
      if (corrupt !== undefined) throw corrupt;
      return seals;
    });
  }
}

export class SealingRegion {
  readonly work = new MemorySealWork();
  readonly views: MemoryViewStore;
  readonly regionState = new MemoryRegionState();
  readonly scrubbing = new MemoryScrubbing();
  readonly rehydrations = new MemoryRehydrations();
  readonly archive = new MemoryQueue();
  telemetry = new RecordingTelemetry();
  /** Facts of the ledger that the stream has gone past. */
  #delivered = 0;

  constructor(
    readonly name: string,
    readonly shared: Shared,
  ) {
    this.views = new MemoryViewStore({ work: this.work, clock: shared.clock });
  }

  /** Up to `count` of the facts that the stream has not brought yet, in the order of the ledger; `kept` says which arrive. */
  async deliver(count = Number.POSITIVE_INFINITY, kept: (fact: Fact) => boolean = () => true): Promise<void> {
    const next = this.shared.facts.slice(this.#delivered, this.#delivered + count);
    this.#delivered += next.length;
    await this.views.apply(next.filter(kept));
  }

  /** The Region's own heartbeats of this moment have come through its stream. */
  async cover(atMs = this.shared.clock.nowMs()): Promise<void> {
    for (let key = 0; key < HEARTBEAT_KEYS; key++) await this.regionState.advanceWatermark(this.name, key, atMs);
  }

  /** One call of the function, with telemetry of its own. */
  async run(changes: Partial<SealWindowsDeps> = {}): Promise<RecordingTelemetry> {
    this.telemetry = new RecordingTelemetry();
    const { ledger, seals, clock } = this.shared;
    const { name: region, work, views, regionState, rehydrations, archive, telemetry } = this;
    const deps = {
      region,
      ledger,
      seals,
      work,
      views,
      lines: views,
      scrubbing: this.scrubbing,
      regionState,
      rehydrations,
      archive,
      clock,
      telemetry,
    };
    await createSealWindowsHandler({ ...deps, ...changes })();
    return this.telemetry;
  }

  unsealedCount(): number {
    return [...this.work.rows.values()].reduce((sum, rows) => sum + rows.size, 0);
  }
}

export const twoRegions = (nowMs: number) => {
  const shared = new Shared(new ManualClock(nowMs));
  return { shared, east: new SealingRegion('us-east-1', shared), west: new SealingRegion('us-west-2', shared) };
};
