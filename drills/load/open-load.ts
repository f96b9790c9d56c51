// Owns payers who go on arriving at a fixed rate whatever becomes of those before them, each trying again with the same key until paid.
// Leaves to the payers how they send, and to the auditor what became of their payments.
import { setTimeout as pause } from 'node:timers/promises';
import type { PaidIntent } from '../auditor/auditor.ts';
import { atRate } from './at-rate.ts';
import { PAYER_KINDS, type Payer, type PayerKind } from './payer.ts';

export interface Arrival extends PaidIntent {
  readonly kind: PayerKind;
  /** Epoch milliseconds at which it was to be sent, from which everything is counted. */
  readonly dueMs: number;
  /** Epoch milliseconds of the 201. */
  acknowledgedMs?: number;
  acknowledged?: NonNullable<PaidIntent['acknowledged']>;
  /** Sendings until then; one is what a payer expects. */
  sendings: number;
}

export interface Refusal {
  readonly kind: PayerKind;
  readonly atMs: number;
  readonly what: string;
}

export interface LoadOptions {
  readonly payers: Readonly<Record<PayerKind, readonly Payer[]>>;
  readonly accounts: readonly string[];
  /** Of each kind. */
  readonly perSecond: number;
}

/** A payer rests between the half of it and all of it before trying again, so that they do not come back together. */
export const RETRY_PAUSE_MS = 500;
const FIRST_AMOUNT_MINOR = 1_000;
const FOR_EVER_MS = 3_600_000;

export class OpenLoad {
  readonly arrivals: Arrival[] = [];
  readonly refusals: Refusal[] = [];
  readonly #arriving = new AbortController();
  readonly #givenUp = new AbortController();
  readonly #running: Promise<unknown>;
  #lastAcknowledgedMs = Date.now();

  constructor(private readonly options: LoadOptions) {
    this.#running = Promise.all(
      PAYER_KINDS.map(async (kind, index) => {
        // The kinds take turns: all at once would be a burst that nobody asked for.
        await pause((index * 1000) / (options.perSecond * PAYER_KINDS.length));
        await this.#arrive(kind);
      }),
    );
  }

  /** No new payer arrives; those who are there may finish, for at most `graceMs`. What is left then stays without acknowledgement. */
  async stop(graceMs: number): Promise<void> {
    this.#arriving.abort();
    await Promise.race([this.#running, pause(graceMs, undefined, { ref: false })]);
    this.#givenUp.abort();
    for (const payer of Object.values(this.options.payers).flat()) payer.close();
  }

  /** How long nobody has been acknowledged by `nowMs`, milliseconds; 0 when nobody arrives any more. */
  silentMs(nowMs: number): number {
    return this.#arriving.signal.aborted ? 0 : nowMs - this.#lastAcknowledgedMs;
  }

  #arrive(kind: PayerKind): Promise<unknown> {
    const { accounts, payers, perSecond } = this.options;
    const startedMs = Date.now();
    return atRate({ perSecond, forMs: FOR_EVER_MS, signal: this.#arriving.signal }, async (n) => {
      const number = this.arrivals.length;
      const arrival: Arrival = {
        kind,
        accountId: accounts[number % accounts.length] ?? '',
        idempotencyKey: `${kind}-${n}`,
        amountMinor: FIRST_AMOUNT_MINOR + number,
        dueMs: startedMs + (n * 1000) / perSecond,
        sendings: 0,
      };
      this.arrivals.push(arrival);
      const payer = payers[kind][n % payers[kind].length];
      if (payer !== undefined) await this.#payUntilPaid(arrival, payer);
    });
  }

  async #payUntilPaid(arrival: Arrival, payer: Payer): Promise<void> {
    while (!this.#givenUp.signal.aborted) {
      arrival.sendings += 1;
      const sending = await payer.send(arrival);
      if (sending.kind === 'acknowledged') {
        arrival.acknowledged = sending.receipt;
        arrival.acknowledgedMs = Date.now();
        this.#lastAcknowledgedMs = arrival.acknowledgedMs;
        return;
      }
      this.refusals.push({ kind: arrival.kind, atMs: Date.now(), what: sending.what });
      await pause((0.5 + Math.random() / 2) * RETRY_PAUSE_MS);
    }
  }
}
