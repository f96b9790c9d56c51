// Owns what a scenario can do: let faults begin and end, wait, and mark what it has seen.
// Leaves to faults/ what goes wrong, and to conduct.ts everything around it.
import { setTimeout as pause } from 'node:timers/promises';
import { type Audit, auditPayments, operatorDynamo, readLedger } from './auditor/auditor.ts';
import { PaymentsMade } from './auditor/payments-made.ts';
import type { Fault } from './faults/fault.ts';
import type { Arrival, OpenLoad } from './load/open-load.ts';
import { PAYER_KINDS, type PayerKind } from './load/payer.ts';
import { isRinging, isSilent } from './pair/conditions.ts';
import type { Harness } from './pair/harness.ts';
import { operate } from './pair/operate.ts';
import { minutesPass, order } from './pair/own-run.ts';
import type { FaultBand, Mark } from './recording.ts';

export interface StageParts {
  readonly baseload: Harness;
  readonly load: OpenLoad;
  /** The Region that payers are led to. */
  readonly home: string;
  readonly away: string;
  readonly broken: AbortSignal;
  readonly say: (what: string) => void;
}

const STEADY_FOR_MS = 5_000;
const STEADY_WAIT_MS = 1_000;
/** What `steady` waits for, in words. */
export const STEADY_STATE =
  'Every payment is acknowledged at its first sending within 1 s, both Regions are healthy, and DNS answers with the nearest.';
const FINISHING_MS = 60_000;

export class Stage {
  readonly bands: FaultBand[] = [];
  readonly marks: Mark[] = [];
  /** Acknowledged payments that the Region that was left did not have; undefined when nobody has counted. */
  rpoFacts: number | undefined;
  readonly payments: PaymentsMade;
  readonly #active = new Map<Fault, FaultBand>();
  /** Epoch milliseconds at which a fault last began or ended. */
  #changedMs = 0;

  constructor(private readonly parts: StageParts) {
    this.payments = new PaymentsMade(parts.baseload, parts.load);
  }

  get baseload(): Harness {
    return this.parts.baseload;
  }

  get home(): string {
    return this.parts.home;
  }

  get away(): string {
    return this.parts.away;
  }

  async begin(fault: Fault): Promise<void> {
    this.parts.broken.throwIfAborted();
    const { clock } = await this.baseload.state();
    const band: FaultBand = { what: fault.what, fromMs: Date.now(), clockOffsetMs: clock.offsetMs };
    this.bands.push(band);
    this.#active.set(fault, band);
    this.parts.say(fault.what);
    await fault.begin(this.baseload);
    this.#changedMs = Date.now();
  }

  async end(fault: Fault): Promise<void> {
    const band = this.#active.get(fault);
    if (band === undefined) return;
    this.#active.delete(fault);
    await fault.end(this.baseload);
    this.#changedMs = Date.now();
    band.untilMs = this.#changedMs;
    this.parts.say(`over: ${fault.what}`);
  }

  /** The last that began is the first to end. */
  async endAll(): Promise<void> {
    for (const fault of [...this.#active.keys()].reverse()) await this.end(fault);
  }

  async lasts(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.parts.broken });
  }

  /** Marks the moment at which `condition` held. @throws Error naming `what` when it does not within `withinMs` */
  async until(what: string, condition: () => Promise<boolean> | boolean, withinMs: number): Promise<void> {
    const heldOrBroken = () => this.parts.broken.aborted || condition();
    await this.baseload.waitFor(what, heldOrBroken, withinMs);
    this.parts.broken.throwIfAborted();
    this.#mark(what);
  }

  /** For five seconds every payment was acknowledged at its first sending in a second, and DNS leads home. */
  async steady(withinMs = 90_000): Promise<void> {
    await this.until('steady state', () => this.#isSteady(), withinMs);
  }

  /** As `steady`, wherever DNS leads: payers of these kinds, for the past five seconds, in which no fault began or ended. */
  served(kinds: readonly PayerKind[] = PAYER_KINDS): boolean {
    const sinceMs = Date.now() - STEADY_FOR_MS;
    const arrivals = this.parts.load.arrivals.filter(({ kind }) => kinds.includes(kind));
    const refusals = this.parts.load.refusals.filter(({ kind }) => kinds.includes(kind));
    const isLate = ({ dueMs, acknowledgedMs = Date.now() }: Arrival) => acknowledgedMs - dueMs > STEADY_WAIT_MS;
    return (
      this.#changedMs < sinceMs &&
      (arrivals[0]?.dueMs ?? Number.POSITIVE_INFINITY) < sinceMs &&
      !arrivals.some((arrival) => isLate(arrival) && (arrival.acknowledgedMs ?? Date.now()) > sinceMs) &&
      refusals.every(({ atMs }) => atMs < sinceMs)
    );
  }

  /** Beside its time, in both Regions. */
  async runSchedule(name: string): Promise<void> {
    await order(this.baseload, `/api/schedules/${name}/run`);
  }

  /** @throws Error saying so, which breaks the drill off, unless it is */
  mustBe(isSo: boolean, what: string): void {
    if (!isSo) throw new Error(`it is not so: ${what}`);
    this.#mark(what);
  }

  /** A command of the operator. @throws Error with what it said when it fails */
  async operate(...args: readonly string[]): Promise<void> {
    this.parts.say(`operator: ${args.join(' ')}`);
    await operate(this.baseload, ...args);
  }

  /** Nobody arrives any more: for what payers would disturb, or be disturbed by. */
  async payersLeave(): Promise<void> {
    await this.parts.load.stop(FINISHING_MS);
    this.parts.say('no payers any more');
  }

  /** What the Region's ledger has of what payers were acknowledged, while the other one cannot help. */
  async countRpo(region: string): Promise<void> {
    const { lost } = await this.audit(region);
    this.rpoFacts = lost.length;
  }

  async audit(region: string): Promise<Audit> {
    // Taken first: what is acknowledged while the ledger is read may be missing in what was read.
    const intents = this.parts.load.arrivals.map((arrival) => ({ ...arrival }));
    const dynamo = operatorDynamo(await this.baseload.dynamodb(region), region);
    try {
      const { ledgerTable } = await this.baseload.wiring();
      return auditPayments(intents, await readLedger(dynamo, ledgerTable));
    } finally {
      dynamo.destroy();
    }
  }

  /** Minutes pass, most of each skipped, until the alarm rings. Not while payers are served: what is under way at a jump times out. */
  rings(slug: string, region: string, mostMinutes: number): Promise<void> {
    return this.#comes(`${slug} of ${region} rings`, mostMinutes, () => isRinging(this.baseload, slug, region));
  }

  /** As `rings`, until it does not any more. */
  fallsSilent(slug: string, region: string, mostMinutes: number): Promise<void> {
    return this.#comes(`${slug} of ${region} is silent`, mostMinutes, () => isSilent(this.baseload, slug, region));
  }

  async #comes(what: string, mostMinutes: number, condition: () => Promise<boolean>): Promise<void> {
    await minutesPass(this.baseload, what, mostMinutes, async () => {
      this.parts.broken.throwIfAborted();
      return condition();
    });
    this.#mark(what);
  }

  #mark(what: string): void {
    this.marks.push({ what, atMs: Date.now() });
    this.parts.say(what);
  }

  async #isSteady(): Promise<boolean> {
    const { dns, regions } = await this.baseload.state();
    const isHealthy = Object.values(regions).every(({ health }) => health === 'healthy');
    return isHealthy && dns.answer === this.home && this.served();
  }
}
