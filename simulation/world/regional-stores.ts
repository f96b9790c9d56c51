// Owns what a Region keeps for itself and no fault takes away for good: tables, archive, and its copies of what goes to the other Region.
// Leaves to ports.ts how a worker reaches them.
import { MemoryArchive } from '../../lambdas/adapters/memory/archive.ts';
import { MemoryCatalog } from '../../lambdas/adapters/memory/catalog.ts';
import { MemoryProfiles } from '../../lambdas/adapters/memory/profiles.ts';
import { MemoryReadings } from '../../lambdas/adapters/memory/readings.ts';
import { MemoryRegionState } from '../../lambdas/adapters/memory/region-state.ts';
import { MemoryRehydrations } from '../../lambdas/adapters/memory/rehydration.ts';
import { MemoryRequestCounter } from '../../lambdas/adapters/memory/request-counter.ts';
import { MemoryScrubbing } from '../../lambdas/adapters/memory/scrubbing.ts';
import { MemorySealWork } from '../../lambdas/adapters/memory/seal-work.ts';
import { MemoryViewStore } from '../../lambdas/adapters/memory/view-store.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import type { Notice } from '../../lambdas/domain/notice.ts';
import type { RegisterDay } from '../../lambdas/domain/readings/meter-day.ts';
import type { Clock } from '../../lambdas/ports/clock.ts';
import type { Profile } from '../../lambdas/ports/profiles.ts';

export interface Replicated {
  readonly profiles: Map<AccountId, Profile>;
  readonly readings: Map<string, RegisterDay>;
}

export class RegionalStores {
  readonly sealWork = new MemorySealWork();
  readonly views: MemoryViewStore;
  readonly regionState = new MemoryRegionState();
  readonly rehydrations = new MemoryRehydrations();
  readonly scrubbing = new MemoryScrubbing();
  readonly requestCounter = new MemoryRequestCounter();
  readonly archive = new MemoryArchive();
  readonly catalog = new MemoryCatalog();
  readonly profiles: MemoryProfiles;
  readonly readings: MemoryReadings;
  /** What the payers' side was told, by notice id: the same notice may come again. */
  readonly notices = new Map<string, Notice>();

  constructor(
    clock: Clock,
    readonly replicated: Replicated,
  ) {
    this.views = new MemoryViewStore({ work: this.sealWork, clock });
    this.profiles = new MemoryProfiles(replicated.profiles);
    this.readings = new MemoryReadings(replicated.readings);
  }
}
