// Owns the steady payers of the control room: a payment begins at its time, and is tried again with its key until it is acknowledged.
// Leaves to pay.ts the attempt, and to the auditor what became of it.
import { setTimeout as pause } from 'node:timers/promises';
import type { PayersReport } from './live.ts';
import { pay, type Till } from './pay.ts';
import type { PaymentBook } from './payment-book.ts';

/** A payment is settled and noticed in both Regions: two cores are busy with more. */
const PER_SECOND = 2;
const RETRY_AFTER_MS = 2_000;
/** A forgotten tab must not pay all night. */
const LONGEST_MS = 30 * 60_000;
/** While nobody answers, payers wait: no more than so many. */
const MOST_UNDER_WAY = 120;

export interface PayersOptions {
  readonly book: PaymentBook;
  readonly accounts: readonly string[];
  readonly nowMs: () => number;
}

export class Payers {
  #timer: NodeJS.Timeout | undefined;
  #untilMs = 0;
  #underWay = 0;
  #turn = 0;
  #closed = false;

  constructor(private readonly options: PayersOptions) {}

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** Paying already, they go on for as long again. */
  start(till: Till): void {
    clearInterval(this.#timer);
    this.#untilMs = this.options.nowMs() + LONGEST_MS;
    this.#timer = setInterval(() => this.#begin(till), 1000 / PER_SECOND);
  }

  /** No new payments; those under way are tried again until they are acknowledged. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The end of the run: nothing is tried again. */
  close(): void {
    this.stop();
    this.#closed = true;
  }

  report(): PayersReport {
    return {
      running: this.isRunning,
      perSecond: PER_SECOND,
      underWay: this.#underWay,
      leftMs: this.isRunning ? Math.max(0, this.#untilMs - this.options.nowMs()) : 0,
    };
  }

  #begin(till: Till): void {
    if (this.options.nowMs() >= this.#untilMs) this.stop();
    else if (this.#underWay < MOST_UNDER_WAY) void this.#payOne(till);
  }

  async #payOne(till: Till): Promise<void> {
    const { book, accounts } = this.options;
    const account = accounts[this.#turn++ % accounts.length];
    if (account === undefined) return;
    const intent = book.begin(account);
    this.#underWay += 1;
    while (!this.#closed) {
      const attempt = await pay(till, intent);
      if (attempt.kind === 'acknowledged') {
        book.acknowledge(intent, attempt.paymentId);
        break;
      }
      await pause(RETRY_AFTER_MS, undefined, { ref: false });
    }
    this.#underWay -= 1;
  }
}
