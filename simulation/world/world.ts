// Owns one simulated world: two Regions, the ledger between them, the processor, and everybody who asks.
// Leaves to run-plan.ts what happens in it, to audit/ what must hold of it.
import { MemoryProcessor } from '../../lambdas/adapters/memory/processor.ts';
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import type { RegisterDay } from '../../lambdas/domain/readings/meter-day.ts';
import type { Profile } from '../../lambdas/ports/profiles.ts';
import { Random } from '../engine/random.ts';
import { Trace } from '../engine/trace.ts';
import { VirtualTime } from '../engine/virtual-time.ts';
import type { Harmed } from '../faults/damage.ts';
import { FaultBoard } from '../faults/fault-board.ts';
import { SimulatedLedger } from '../stores/ledger.ts';
import { SimulatedProcessor } from '../stores/processor.ts';
import { Replica } from '../stores/replica.ts';
import { replicatedMaps } from '../stores/replicated-map.ts';
import { Network, REGIONS, type RegionName } from './network.ts';
import { Region } from './region.ts';

export type ByRegion<T> = Readonly<Record<RegionName, T>>;

const inEachRegion = <T>(make: (region: RegionName) => T): ByRegion<T> =>
  Object.fromEntries(REGIONS.map((region) => [region, make(region)])) as ByRegion<T>;

export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly network = new Network();
  readonly faults: FaultBoard;
  readonly ledger: SimulatedLedger;
  readonly processor: SimulatedProcessor;
  readonly replicas: ByRegion<Replica>;
  readonly regions: ByRegion<Region>;
  readonly harmed: Harmed = new Set();
  readonly #listeners: ((stored: StoredFact) => void)[] = [];

  constructor(seed: number, startMs: number) {
    const time = new VirtualTime(startMs);
    const random = new Random(`run ${seed}`);
    const trace = new Trace(time);
    const faults = new FaultBoard(random.of('faults'));
    const { network } = this;
    this.time = time;
    this.random = random;
    this.trace = trace;
    this.faults = faults;
    this.replicas = inEachRegion(
      (region) =>
        new Replica({
          region,
          time,
          network,
          faults,
          random: random.of(`replica ${region}`),
          arrived: (record) => this.regions[region].stream.append(record),
        }),
    );
    this.ledger = new SimulatedLedger({
      time,
      network,
      faults,
      random: random.of('ledger'),
      replicas: this.replicas,
      committed: (stored) => {
        for (const listener of this.#listeners) listener(stored);
        trace.tell(`committed ${stored.pk} ${stored.sk} ${JSON.parse(stored.body).type}`);
      },
    });
    const book = new MemoryProcessor();
    book.nowMs = () => time.nowMs;
    book.declines.set('card_declined', 'insufficient-funds');
    this.processor = new SimulatedProcessor(book, { time, faults, random: random.of('processor') });
    const lines = { time, network, faults, random: random.of('copies') };
    const clockMs = (region: RegionName): number => this.regions[region].nowMs();
    const profiles = replicatedMaps<AccountId, Profile>(lines, clockMs);
    const readings = replicatedMaps<string, RegisterDay>(lines, clockMs);
    this.regions = inEachRegion(
      (name) =>
        new Region({
          name,
          time,
          trace,
          network,
          faults,
          random: random.of(name),
          ledger: this.ledger,
          processor: this.processor,
          replicated: { profiles: profiles[name], readings: readings[name] },
        }),
    );
  }

  /** Told of every fact in the order in which they are committed. */
  onCommitted(listener: (stored: StoredFact) => void): void {
    this.#listeners.push(listener);
  }
}
