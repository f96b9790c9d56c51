// Owns a flood: one account pays far more often than its limit allows, for some seconds, and takes no refusal for a reason to wait.
// Leaves to the application what becomes of it, and to the auditor what was acknowledged.
import type { FloodReport } from './live.ts';
import { pay, type Till } from './pay.ts';
import type { PaymentBook } from './payment-book.ts';

/** Four times what the example configuration lets an account do, 50 in ten seconds. */
const PER_SECOND = 20;
const LASTS_SECONDS = 10;

export class Flood {
  #timer: NodeJS.Timeout | undefined;
  #counts = { sent: 0, accepted: 0, refused: 0, failed: 0 };
  #onEnd: () => void = () => undefined;

  constructor(
    private readonly book: PaymentBook,
    private readonly account: string,
  ) {}

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** One that is under way goes on; `onEnd` is called when the last request was sent, or it was stopped. */
  start(till: Till, onEnd: () => void): void {
    if (this.isRunning) return;
    this.#counts = { sent: 0, accepted: 0, refused: 0, failed: 0 };
    this.#onEnd = onEnd;
    this.#timer = setInterval(() => void this.#send(till), 1000 / PER_SECOND);
  }

  stop(): void {
    if (!this.isRunning) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#onEnd();
  }

  /** Of the last one. */
  report(): FloodReport {
    return { running: this.isRunning, perSecond: PER_SECOND, lastsSeconds: LASTS_SECONDS, ...this.#counts };
  }

  async #send(till: Till): Promise<void> {
    const intent = this.book.begin(this.account);
    this.#counts.sent += 1;
    if (this.#counts.sent >= PER_SECOND * LASTS_SECONDS) this.stop();
    const counts = this.#counts;
    const attempt = await pay(till, intent);
    if (attempt.kind !== 'acknowledged') {
      counts[attempt.kind] += 1;
      return;
    }
    this.book.acknowledge(intent, attempt.paymentId);
    counts.accepted += 1;
  }
}
