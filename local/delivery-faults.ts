// Owns what can be made to go wrong with a delivery, on a queue or from a stream, and how often.
// Leaves to local/sqs and local/event-source what a fault does to a message or a batch.
import { seededRandom } from './dynamodb/seeded-random.ts';

export const DELIVERY_FAULTS = ['duplicate', 'reorder', 'delay', 'lose-to-dlq'] as const;

/**
 * `duplicate`: delivered again although it was delivered. `reorder`: out of turn; records of one item keep theirs. `delay`:
 * delivered so much later. `lose-to-dlq`: given up without a try.
 */
export interface DeliveryFault {
  readonly kind: (typeof DELIVERY_FAULTS)[number];
  /** The next `count` messages of the queue, or batches of the stream; 0 takes back what is left, and ends a stream's delay. */
  readonly count: number;
  /** Of `delay`, by the run's clock. */
  readonly delaySeconds?: number;
  /** Of a stream: only batches with a record whose sort key begins so are hit, so that heartbeats use up no fault. */
  readonly sortKeyPrefix?: string;
}

/** Of one Region: a queue, or its stream of the ledger. */
export type DeliverySource = { readonly kind: 'queue'; readonly slug: string } | { readonly kind: 'stream' };

/** As long as a message of SQS can be delayed. */
export const MAX_FAULT_DELAY_SECONDS = 900;

interface Pending {
  readonly fault: DeliveryFault;
  readonly takenBack: AbortController;
  left: number;
}

export interface Hit {
  readonly delaySeconds: number;
  /** Fires when the fault is taken back. */
  readonly takenBack: AbortSignal;
}

/** Of one queue or stream. The same faults on the same deliveries do the same in every run. */
export class DeliveryFaults {
  /** In [0, 1): what a `reorder` draws its order from. */
  readonly random: () => number;
  #pending: Pending[] = [];
  readonly #hitting: Pending[] = [];

  constructor(name: string) {
    this.random = seededRandom(1, `delivery ${name}`);
  }

  add(fault: DeliveryFault): void {
    if (fault.count > 0) {
      this.#pending.push({ fault, left: fault.count, takenBack: new AbortController() });
      return;
    }
    this.#pending = this.#pending.filter(({ fault: other }) => other.kind !== fault.kind);
    for (const { fault: other, takenBack } of this.#hitting) if (other.kind === fault.kind) takenBack.abort();
  }

  /** What hits a delivery now; uses one up. `sortKeys` are those of a batch's records. */
  take(kind: DeliveryFault['kind'], sortKeys: readonly string[] = []): Hit | undefined {
    const hit = this.#pending.find(
      ({ fault: { kind: of, sortKeyPrefix: prefix } }) =>
        of === kind && (prefix === undefined || sortKeys.some((key) => key.startsWith(prefix))),
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    this.#pending = this.#pending.filter(({ left }) => left > 0);
    if (!this.#hitting.includes(hit)) this.#hitting.push(hit);
    return { delaySeconds: hit.fault.delaySeconds ?? 0, takenBack: hit.takenBack.signal };
  }
}
