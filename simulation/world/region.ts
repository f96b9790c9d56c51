// Owns one Region: its stores, queues and stream, its clock, and workers that come and go.
// Leaves to functions.ts what a worker does, to schedules.ts when nobody asks for it.
import type { Clock } from '../../lambdas/ports/clock.ts';
import type { Random } from '../engine/random.ts';
import type { Trace } from '../engine/trace.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { SimulatedLedger } from '../stores/ledger.ts';
import type { SimulatedProcessor } from '../stores/processor.ts';
import { SimulatedQueue } from '../stores/queue.ts';
import { RegionStream } from '../stores/stream.ts';
import { type AnswerOf, type EventOf, FUNCTIONS, type FunctionName } from './functions.ts';
import type { Network, RegionName } from './network.ts';
import { portsOf, type Queues } from './ports.ts';
import { RegionalStores, type Replicated } from './regional-stores.ts';
import { tracedTelemetry } from './telemetry.ts';
import { Worker } from './worker.ts';

/** What a worker of a function is: the process, and the handler that it has made. */
interface Idle {
  readonly worker: Worker;
  readonly handle: (event: unknown) => Promise<unknown>;
}

export interface RegionDeps {
  readonly name: RegionName;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly network: Network;
  readonly faults: FaultBoard;
  readonly trace: Trace;
  readonly replicated: Replicated;
  readonly ledger: SimulatedLedger;
  readonly processor: SimulatedProcessor;
}

/** Steps of a short invocation: a worker that is to die does so anywhere among them. */
const STEPS_BEFORE_DEATH = 12;

export class Region {
  readonly stores: RegionalStores;
  readonly queues: Queues;
  readonly stream: RegionStream;
  /** How far the Region's clock is off. */
  skewMs = 0;
  /** Whether its stream is read. */
  isStreamRead = true;
  /** Calls of functions. */
  invocations = 0;
  readonly #idle = new Map<FunctionName, Idle[]>();
  readonly #workers = new Set<Worker>();
  readonly #clock: Clock = { nowMs: () => this.deps.time.nowMs + this.skewMs };

  constructor(private readonly deps: RegionDeps) {
    const { name: region, time, faults, replicated } = deps;
    this.stores = new RegionalStores(this.#clock, replicated);
    const queue = (name: string, worker: FunctionName): SimulatedQueue =>
      new SimulatedQueue({
        region,
        name,
        time,
        faults,
        random: deps.random.of(name),
        isConsumed: () => this.isUp,
        consume: (event) => this.invoke(worker as 'settle-payment', event),
      });
    this.queues = {
      settlements: queue('settlements', 'settle-payment'),
      notices: queue('notices', 'send-notice'),
      intake: queue('intake', 'store-readings'),
      archive: queue('archive', 'archive-facts'),
    };
    this.stream = new RegionStream({
      region,
      time,
      faults,
      random: deps.random.of('stream'),
      isConsumed: () => this.isUp && this.isStreamRead,
      consume: (records) => this.invoke('project-facts', { Records: [...records] }),
    });
  }

  get name(): RegionName {
    return this.deps.name;
  }

  get isUp(): boolean {
    return this.deps.network.isThere(this.name);
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Every worker dies where it stands; tables and queues stay. */
  lose(): void {
    this.deps.network.cut(this.name);
    for (const worker of this.#workers) worker.die();
    this.#workers.clear();
    this.#idle.clear();
  }

  comeBack(): void {
    this.deps.network.heal(this.name);
    this.resume();
  }

  /** Stream and queues go on where they stopped. */
  resume(): void {
    if (!this.isUp) return;
    this.stream.resume();
    for (const queue of Object.values(this.queues)) queue.resume();
  }

  /** `died`: the worker, or the function threw; there is no answer. */
  async invoke<Name extends FunctionName>(name: Name, event?: EventOf<Name>): Promise<AnswerOf<Name> | 'died'> {
    if (!this.isUp) return 'died';
    this.invocations += 1;
    const { faults, random, trace } = this.deps;
    const idle = this.#idle.get(name)?.pop() ?? this.#start(name);
    const { worker } = idle;
    if (faults.threatens('worker-crashes', this.name)) worker.dieAfter(random.between(0, STEPS_BEFORE_DEATH));
    try {
      const answer = await Promise.race([idle.handle(event), worker.ended]);
      if (worker.isDead) {
        this.#bury(name, worker);
        return 'died';
      }
      return answer as AnswerOf<Name>;
    } catch (error) {
      trace.tell(`${this.name} ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
      return 'died';
    } finally {
      worker.dieAfter(Number.POSITIVE_INFINITY);
      if (!worker.isDead) this.#keep(name, idle);
    }
  }

  #start(name: FunctionName): Idle {
    const { time, random, trace, ledger, processor, faults } = this.deps;
    const worker = new Worker(this.name, time, random);
    const around = { region: this.name, clock: this.#clock, random: () => random.next(), stores: this.stores };
    const ports = portsOf(
      { ...around, queues: this.queues, ledger, processor, faults },
      worker,
      tracedTelemetry(trace, `${this.name} ${name}`),
    );
    this.#workers.add(worker);
    return { worker, handle: FUNCTIONS[name](ports) as Idle['handle'] };
  }

  #keep(name: FunctionName, idle: Idle): void {
    this.#idle.set(name, [...(this.#idle.get(name) ?? []), idle]);
  }

  /** Those of a lost Region were not struck by a crash of their own. */
  #bury(name: FunctionName, worker: Worker): void {
    if (!this.#workers.delete(worker)) return;
    this.deps.faults.count('worker-crashes');
    this.deps.trace.tell(`${this.name} ${name} died between two steps`);
  }
}
