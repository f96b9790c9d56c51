// Owns the life of one Region here: start, kill, isolate, rejoin, each idempotent and one after the other.
// Leaves to child.ts the process, and to the ledger process what being cut off means there.
import type { DeploymentSeen } from '../codedeploy/deployments.ts';
import type { DeliveryFault, DeliverySource } from '../delivery-faults.ts';
import type { RegionProcessConfig } from '../processes.ts';
import { adminGet, adminPost } from './admin-client.ts';
import { type Child, type ChildSpec, startChild } from './child.ts';
import { StartFailure } from './start-failure.ts';

export interface RegionOptions {
  readonly config: Omit<RegionProcessConfig, 'isolated' | 'clockOffsetMs'>;
  /** How far the run's clock is ahead of the machine's. */
  readonly clockOffsetMs: () => number;
  readonly ledgerAdminPort: number;
  readonly spec: Omit<ChildSpec, 'config'>;
  /** `what` is what a human reads: `up`, `killed`, `isolated`. */
  readonly onChange: (region: string, change: 'process' | 'network', what: string) => void;
  /** How long a started Region may take until it serves. */
  readonly servesWithinMs?: number;
}

const SERVES_WITHIN_MS = 25_000;
const SERVES_POLL_MS = 100;
/** No function that is called by a schedule may take longer. */
const SCHEDULE_RUNS_WITHIN_MS = 900_000;
/** Longer than the Region's own bound, whose error says more. */
const REREAD_WITHIN_MS = 90_000;

export class Region {
  readonly name: string;
  #child: Child | undefined;
  #network: 'connected' | 'isolated' = 'connected';
  #order: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(private readonly options: RegionOptions) {
    this.name = options.config.plan.region;
  }

  get process(): 'up' | 'down' {
    return this.#child === undefined ? 'down' : 'up';
  }

  get network(): 'connected' | 'isolated' {
    return this.#network;
  }

  /** The names of its schedules. */
  get schedules(): readonly string[] {
    return this.options.config.plan.schedules.map(({ name }) => name);
  }

  /** Resolves when what the schedule invokes has ended. @throws Error when the Region is down, or the invocation fails */
  async runSchedule(name: string, input?: object): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, `/schedules/${encodeURIComponent(name)}/run`, input, SCHEDULE_RUNS_WITHIN_MS);
  }

  get adminPort(): number {
    return this.options.config.ports.admin;
  }

  get edgePort(): number {
    return this.options.config.ports.edge;
  }

  /** Resolves when the Region serves. @throws StartFailure with the end of its log */
  start(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#child !== undefined) return;
      await this.#tellLedger('up');
      const isolated = this.#network === 'isolated';
      const config = { ...this.options.config, isolated, clockOffsetMs: this.options.clockOffsetMs() };
      const child = await startChild({ ...this.options.spec, config }).catch(async (cause: unknown) => {
        await this.#tellLedger('down');
        throw cause;
      });
      this.#child = child;
      void child.ended.then((how) => this.#onEnded(child, how));
      await this.#serves(child).catch(async (cause: unknown) => {
        // Left running, it would pass for started the next time somebody asks.
        if (this.#child === child) this.#markDown('stopped: it did not serve');
        await child.kill();
        await this.#tellLedger('down');
        throw cause;
      });
      this.options.onChange(this.name, 'process', 'up');
    });
  }

  /** SIGKILL to the process group; resolves when it is gone and the ledger knows. */
  kill(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#child === undefined) return;
      const child = this.#child;
      this.#markDown('killed');
      await child.kill();
      await this.#tellLedger('down');
    });
  }

  /** Cut from the quorum and from its peers; payers still reach it. */
  isolate(): Promise<void> {
    return this.#changeNetwork('isolated', 'isolate');
  }

  rejoin(): Promise<void> {
    return this.#changeNetwork('connected', 'rejoin');
  }

  /** Tells the process the offset of the run's clock; one that is down gets it when it starts. */
  followClock(): Promise<void> {
    return this.#inOrder(async () => {
      const offsetMs = this.options.clockOffsetMs();
      if (this.#child !== undefined) await adminPost(this.adminPort, '/clock', { offsetMs });
    });
  }

  /** Its functions' clock goes ahead until the Region is started anew. @throws Error when the Region is down */
  async skewClock(aheadMs: number): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, '/skew', { aheadMs });
  }

  /** What shall go wrong with deliveries. @throws Error when the Region is down, or has no such queue */
  async injectFault(source: DeliverySource, fault: DeliveryFault): Promise<void> {
    this.#requireUp();
    const path = source.kind === 'queue' ? `/queues/${source.slug}/faults` : '/stream/faults';
    await adminPost(this.adminPort, path, fault);
  }

  /** Puts so many messages on a queue that nobody can read; 0 takes them back. @throws Error when the Region is down */
  async poison(slug: string, count: number): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, `/queues/${slug}/poison`, { count });
  }

  /** One bit of what its archive holds under the key. @throws Error when the Region is down, or there is no such object */
  async flipArchivedBit(key: string): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, '/archive/flip', { key });
  }

  /** Resolves when all that its stream still holds was handed over again. @throws Error when the Region is down */
  async rereadStream(): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, '/stream/reread', undefined, REREAD_WITHIN_MS);
  }

  /** Begins to give a function's bundle its share. @throws Error when the Region is down, or what it refuses with */
  async deploy(group: string, bundle: string): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, '/deployments', { group, bundle });
  }

  /** Since its process was started. @throws Error when the Region is down */
  async deployments(): Promise<readonly DeploymentSeen[]> {
    this.#requireUp();
    const { deployments } = await adminGet<{ readonly deployments: readonly DeploymentSeen[] }>(
      this.adminPort,
      '/deployments',
    );
    return deployments;
  }

  /** @throws Error when the Region is down */
  async renewal(does: 'stop' | 'start'): Promise<void> {
    this.#requireUp();
    await adminPost(this.adminPort, `/renewal/${does}`);
  }

  /** The end of the run: SIGTERM first, nothing restarted, nobody told. */
  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    this.#child = undefined;
    await child?.end();
  }

  #changeNetwork(network: 'connected' | 'isolated', action: 'isolate' | 'rejoin'): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#network === network) return;
      await this.#tellLedger(action);
      if (this.#child !== undefined) await adminPost(this.adminPort, `/${action}`);
      this.#network = network;
      this.options.onChange(this.name, 'network', network);
    });
  }

  #requireUp(): void {
    if (this.#child === undefined) throw new Error(`Region ${this.name} is down: start it first`);
  }

  #inOrder<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#order.then(step, step);
    this.#order = done.catch(() => undefined);
    return done;
  }

  #tellLedger(what: 'up' | 'down' | 'isolate' | 'rejoin'): Promise<void> {
    return adminPost(this.options.ledgerAdminPort, `/regions/${this.name}/${what}`);
  }

  #markDown(why: string): void {
    this.#child = undefined;
    this.options.onChange(this.name, 'process', why);
  }

  /** Only for an end nobody here asked for. */
  #onEnded(child: Child, how: string): void {
    if (this.#closing || this.#child !== child) return;
    this.#markDown(`ended by itself (${how}), see ${this.options.spec.logFile}`);
    void this.#inOrder(async () => {
      // Its engine may have outlived it.
      await child.kill();
      if (this.#child === undefined) await this.#tellLedger('down');
    }).catch(() => undefined);
  }

  /** An isolated Region's `/health` is rightly 503: then any answer of its edge will do. */
  async #serves(child: Child): Promise<void> {
    const { servesWithinMs = SERVES_WITHIN_MS } = this.options;
    const deadlineMs = Date.now() + servesWithinMs;
    let last = 'nothing';
    while (Date.now() < deadlineMs && this.#child === child) {
      last = await this.#askHealth();
      if (last === '200' || (this.#network === 'isolated' && /^\d+$/.test(last))) return;
      await new Promise((resolve) => setTimeout(resolve, SERVES_POLL_MS));
    }
    const state = this.#child === child ? `/health answered ${last} for ${servesWithinMs} ms` : 'its process ended';
    throw new StartFailure(`Region ${this.name} does not serve: ${state}`);
  }

  async #askHealth(): Promise<string> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.edgePort}/health`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return String(response.status);
    } catch (cause) {
      return cause instanceof Error ? cause.message : 'nothing';
    }
  }
}
