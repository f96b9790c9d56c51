// Owns payers that pay without end through the front door, each retrying with the same key until it is acknowledged.
// Leaves to auditor.ts what became of their payments.
import { setTimeout as pause } from 'node:timers/promises';
import type { PaidIntent } from '../../drills/auditor/auditor.ts';

export interface Attempt {
  readonly atMs: number;
  readonly status: number;
  readonly region: string | null;
}

export interface PayersOptions {
  readonly api: string;
  readonly token: string;
  readonly accounts: readonly string[];
  readonly clients: number;
  /** The first amount; each payment takes the next one. */
  readonly firstAmountMinor: number;
  /** What a payer rests between two payments or attempts. */
  readonly thinkMs: number;
}

export class Payers {
  readonly intents: PaidIntent[] = [];
  readonly attempts: Attempt[] = [];
  #stopped = false;
  #abandoned = false;
  #nextAmountMinor: number;
  readonly #running: Promise<void>[];

  constructor(private readonly options: PayersOptions) {
    this.#nextAmountMinor = options.firstAmountMinor;
    this.#running = Array.from({ length: options.clients }, (_, client) => this.#payOn(client));
  }

  /** Lets each payer finish the payment it is at, for at most `graceMs`; what is left then stays without acknowledgement. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    await Promise.race([Promise.all(this.#running), pause(graceMs, undefined, { ref: false })]);
    this.#abandoned = true;
  }

  async #payOn(client: number): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const accountId = this.options.accounts[(client + n) % this.options.accounts.length] ?? '';
      const intent = { accountId, idempotencyKey: `payer-${client}#${n}`, amountMinor: this.#nextAmountMinor++ };
      const index = this.intents.push(intent) - 1;
      // Through the whole outage: a payer who gave up before the other Region answers would never ask it for this payment.
      while (!this.#abandoned) {
        const acknowledged = await this.#attempt(intent);
        if (acknowledged) {
          this.intents[index] = { ...intent, acknowledged };
          break;
        }
        await pause(this.options.thinkMs);
      }
      await pause(this.options.thinkMs);
    }
  }

  async #attempt(intent: PaidIntent): Promise<PaidIntent['acknowledged']> {
    try {
      const response = await fetch(`${this.options.api}/v1/accounts/${intent.accountId}/payments`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.options.token}`,
          'content-type': 'application/json',
          'idempotency-key': intent.idempotencyKey,
        },
        body: JSON.stringify({ amountMinor: intent.amountMinor, currency: 'USD', method: 'card' }),
        signal: AbortSignal.timeout(10_000),
      });
      const body = (await response.json()) as { paymentId?: string; position?: string };
      const region = response.headers.get('baseload-region');
      this.attempts.push({ atMs: Date.now(), status: response.status, region });
      if (response.status !== 201) return undefined;
      return { paymentId: String(body.paymentId), position: String(body.position), region: String(region) };
    } catch {
      this.attempts.push({ atMs: Date.now(), status: 0, region: null });
      return undefined;
    }
  }
}
