// Owns how the control room is put together from its parts, and what can be ordered there.
// Leaves each part to its own file, the routes to routes.ts and the page to page/.
import { randomUUID } from 'node:crypto';
import type { ControlState } from '../control/state.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { Auditor } from './auditor.ts';
import { type Copy, Corruption } from './corruption.ts';
import { Flood } from './flood.ts';
import type { Happenings } from './happenings.ts';
import { LedgerItems } from './ledger-items.ts';
import type { Live, Opening, PoisonReport } from './live.ts';
import { PayerAccounts } from './payer-accounts.ts';
import { Payers } from './payers.ts';
import { PaymentBook } from './payment-book.ts';
import { Sampler } from './sampler.ts';
import type { Traffic } from './traffic.ts';

/** So many that steady payers stay far below the limit of each account. */
const PAYER_ACCOUNTS = 12;

/** What is noted of: a subject each. */
const PAYERS = 'payers of the control room';
const FLOOD = 'flood of payments';
const POISON = 'poison messages';
const BIT = 'flipped bit';

export interface ControlRoomOptions extends Omit<Opening, 'samples'> {
  /** The front door. */
  readonly api: string;
  readonly issuer: Pick<Issuer, 'token'>;
  readonly state: () => Promise<ControlState>;
  readonly traffic: Traffic;
  readonly happenings: Happenings;
  /** Where each Region's DynamoDB listens. */
  readonly dynamodb: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<Copy, string>>;
  /** Puts so many messages on a queue that no worker can read; 0 takes them back. */
  readonly poison: (region: string, queue: string, count: number) => Promise<void>;
  /** Says on the run's own screen, and among the happenings, what was ordered here. */
  readonly note: (subject: string, now: string) => void;
  readonly nowMs: () => number;
  readonly random: () => number;
}

export class ControlRoom {
  readonly #book: PaymentBook;
  readonly #accounts: readonly string[];
  readonly #till: PayerAccounts;
  readonly #items: LedgerItems;
  readonly #payers: Payers;
  readonly #flood: Flood;
  readonly #auditor: Auditor;
  readonly #corruption: Corruption;
  readonly #sampler: Sampler;
  #poison: readonly PoisonReport[] = [];
  #lastState: ControlState | undefined;

  constructor(private readonly options: ControlRoomOptions) {
    const { jurisdiction, api, issuer, tables, nowMs, random } = options;
    const run = randomUUID().slice(0, 8);
    const flooding = `${jurisdiction}_flood-${run}`;
    this.#accounts = Array.from({ length: PAYER_ACCOUNTS }, (_, n) => `${jurisdiction}_payer-${run}-${n}`);
    this.#till = new PayerAccounts({ api, issuer, accounts: [...this.#accounts, flooding] });
    this.#book = new PaymentBook(run);
    this.#items = new LedgerItems(options.dynamodb);
    this.#payers = new Payers({ book: this.#book, accounts: this.#accounts, nowMs });
    this.#flood = new Flood(this.#book, flooding);
    this.#auditor = new Auditor({
      book: this.#book,
      facts: (account) => this.#items.facts(this.#answeringRegion(), tables.ledger, account),
      nowMs,
    });
    this.#corruption = new Corruption({
      book: this.#book,
      items: this.#items,
      tables,
      ledgerReader: () => this.#answeringRegion(),
      nowMs,
      random,
    });
    this.#sampler = new Sampler({
      take: () => this.#take(),
      isBusy: () => this.#payers.isRunning || this.#flood.isRunning || this.#corruption.isOpen,
    });
    for (const subject of [PAYERS, FLOOD, POISON, BIT]) options.note(subject, 'none');
  }

  get opening(): Opening {
    const { jurisdiction, hostname, regions, witness } = this.options;
    return { jurisdiction, hostname, regions, witness, samples: this.#sampler.samples };
  }

  watch(viewer: (live: Live) => void): () => void {
    return this.#sampler.subscribe(viewer);
  }

  /** @throws Error naming the request of their opening that was refused */
  async startPayers(): Promise<void> {
    this.#payers.start(await this.#till.till());
    this.options.note(PAYERS, `${this.#payers.report().perSecond} payments/s`);
    this.#sampler.wake();
  }

  stopPayers(): void {
    this.#payers.stop();
    this.options.note(PAYERS, 'none');
  }

  /** @throws as `startPayers` */
  async startFlood(): Promise<void> {
    const till = await this.#till.till();
    this.options.note(FLOOD, 'under way');
    this.#flood.start(till, () => this.options.note(FLOOD, 'over'));
    this.#sampler.wake();
  }

  stopFlood(): void {
    this.#flood.stop();
  }

  /** @throws Error when there is nothing to damage, or the Region does not answer */
  async flipBit(region: string, where: Copy): Promise<void> {
    await this.#corruption.flip(region, where);
    this.options.note(BIT, `one, in the ${where} of ${region}`);
    this.#sampler.wake();
  }

  /** @throws Error when the Region is down, or has no such queue */
  async poison(region: string, queue: string, count: number): Promise<void> {
    await this.options.poison(region, queue, count);
    const others = this.#poison.filter((one) => one.region !== region || one.queue !== queue);
    const before = this.#poison.find((one) => one.region === region && one.queue === queue)?.messages ?? 0;
    this.#poison = count === 0 ? others : [...others, { region, queue, messages: before + count }];
    this.options.note(POISON, count === 0 ? 'taken back' : `${before + count} on ${queue} of ${region}`);
  }

  async close(): Promise<void> {
    this.#sampler.stop();
    this.#payers.close();
    this.#flood.stop();
    await this.#items.close();
  }

  async #take(): Promise<Live> {
    const { options } = this;
    const state = await options.state().catch(() => undefined);
    this.#lastState = state;
    void this.#auditor.look();
    void this.#watchBit();
    const atMs = options.nowMs();
    const lags = Object.entries(state?.regions ?? {}).map(([region, { viewLagMs }]) => [region, viewLagMs] as const);
    return {
      atMs,
      ...(state === undefined ? {} : { state }),
      traffic: options.traffic.report(),
      payers: this.#payers.report(),
      audit: this.#auditor.report(),
      flood: this.#flood.report(),
      corruption: this.#corruption.report(),
      poison: this.#poison,
      happenings: options.happenings.newestFirst(),
      sample: { atMs, ...options.traffic.second(atMs), viewLagMs: Object.fromEntries(lags) },
    };
  }

  async #watchBit(): Promise<void> {
    const wasOpen = this.#corruption.isOpen;
    await this.#corruption.watch();
    if (wasOpen && !this.#corruption.isOpen) this.options.note(BIT, 'put right by a scrubber');
  }

  /** @throws Error when every Region is down or cut off: then nobody can read strongly */
  #answeringRegion(): string {
    const regions = Object.entries(this.#lastState?.regions ?? {});
    const answering = regions.find(([, { process, network }]) => process === 'up' && network === 'connected');
    if (answering === undefined) throw new Error('no Region is up and connected: the ledger cannot be read strongly');
    return answering[0];
  }
}
