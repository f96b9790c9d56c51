// Owns every port as one worker has it: the Region's stores behind a way that takes time and may be cut.
// Leaves to functions.ts which function is given which of them.
import { MemoryDerivedCopies, MemoryViewCopies } from '../../lambdas/adapters/memory/fact-copies.ts';
import { ArchiveUnavailable } from '../../lambdas/ports/archive.ts';
import type { Clock } from '../../lambdas/ports/clock.ts';
import { NotDelivered, type Notifier } from '../../lambdas/ports/notifier.ts';
import { RegionStateUnavailable } from '../../lambdas/ports/region-state.ts';
import { ViewUnavailable } from '../../lambdas/ports/view-store.ts';
import type { Telemetry } from '../../lambdas/shared/telemetry.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { SimulatedLedger } from '../stores/ledger.ts';
import type { SimulatedProcessor } from '../stores/processor.ts';
import type { SimulatedQueue } from '../stores/queue.ts';
import { NEARBY_MS, reached } from '../stores/reached.ts';
import { REGIONS, type RegionName } from './network.ts';
import type { RegionalStores } from './regional-stores.ts';
import type { Worker } from './worker.ts';

export type QueueName = 'settlements' | 'notices' | 'intake' | 'archive';
export type Queues = Readonly<Record<QueueName, SimulatedQueue>>;

export interface Surroundings {
  readonly region: RegionName;
  readonly stores: RegionalStores;
  readonly queues: Queues;
  readonly ledger: SimulatedLedger;
  readonly processor: SimulatedProcessor;
  readonly faults: FaultBoard;
  readonly clock: Clock;
  readonly random: () => number;
}

const VIEW_WRITES: ReadonlySet<string> = new Set(['apply', 'putLine', 'restore']);

export const portsOf = (around: Surroundings, worker: Worker, telemetry: Telemetry) => {
  const { region, stores, queues, ledger, processor, faults, clock, random } = around;
  const viewsAway = (method: string) => {
    const isAway =
      faults.strikes('views-away', region) || (VIEW_WRITES.has(method) && faults.strikes('view-writes-away', region));
    return isAway ? new ViewUnavailable('the simulated view is away') : undefined;
  };
  /** Up to what a lookup waits for one read. */
  const viewsWayMs = () => (faults.strikes('slow-views', region) ? ([100, 900] as const) : NEARBY_MS);
  const stateAway = () =>
    faults.strikes('region-state-away', region) ? new RegionStateUnavailable('the simulated state is away') : undefined;
  const archiveAway = () =>
    faults.strikes('archive-away', region) ? new ArchiveUnavailable('the simulated archive is away') : undefined;
  const isThere = () => undefined;
  return {
    region,
    regions: REGIONS,
    jurisdiction: 'us',
    clock,
    random,
    telemetry,
    ledger: ledger.eventLog(worker),
    seals: ledger.sealLog(worker),
    ledgerCopies: ledger.copies(worker),
    heartbeats: ledger.heartbeats(worker, () => clock.nowMs()),
    processor: processor.port(worker),
    views: reached(stores.views, worker, viewsAway, viewsWayMs),
    viewCopies: reached(new MemoryViewCopies(stores.views), worker, viewsAway),
    derivedCopies: reached(new MemoryDerivedCopies(stores.views), worker, viewsAway),
    sealWork: reached(stores.sealWork, worker, stateAway),
    regionState: reached(stores.regionState, worker, stateAway),
    rehydrations: reached(stores.rehydrations, worker, stateAway),
    scrubbing: reached(stores.scrubbing, worker, stateAway),
    requestCounter: reached(stores.requestCounter, worker, isThere),
    catalog: reached(stores.catalog, worker, isThere),
    readings: reached(stores.readings, worker, isThere),
    profiles: reached(stores.profiles, worker, isThere),
    archive: reached(stores.archive, worker, archiveAway),
    notifier: notifierOf(around, worker),
    settlements: queues.settlements.port(worker),
    notices: queues.notices.port(worker),
    intake: queues.intake.port(worker),
    archiveQueue: queues.archive.port(worker),
  };
};

export type Ports = ReturnType<typeof portsOf>;

const notifierOf = ({ stores, faults, region, random }: Surroundings, worker: Worker): Notifier => ({
  deliver: async (notice) => {
    await worker.reach(50, 500);
    const isSilent = faults.strikes('notices-away', region);
    if (!isSilent || random() < 0.5) stores.notices.set(notice.id, notice);
    if (isSilent) throw new NotDelivered('the simulated receiver does not answer');
    return worker.hear('delivered');
  },
});
