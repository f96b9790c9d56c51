// Owns what can be made to go wrong at the processor, and how often.
// Leaves to api.ts what it does to a request.

export const OPERATIONS = ['prepare', 'confirm', 'lookup', 'refund', 'find-refund', 'report'] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * `error`: 500 and nothing done; `error-after`: done, and then 500; both are saved under the request's key. `silent`: nothing is
 * done and nothing answered. `lost-answer`: done, and the connection is dropped.
 */
export const FAULT_KINDS = ['error', 'error-after', 'silent', 'lost-answer'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface ProcessorFault {
  readonly kind: FaultKind;
  /** The next `count` requests of it. */
  readonly on: Operation;
  readonly count: number;
}

export class Faults {
  /** Every request is answered 503 while it is set. */
  isDown = false;
  /** Before each answer. */
  latencyMs = 0;
  #planned: ProcessorFault[] = [];

  add(fault: ProcessorFault): void {
    this.#planned.push(fault);
  }

  /** The fault that the next request of `operation` meets. */
  take(operation: Operation): FaultKind | undefined {
    const index = this.#planned.findIndex(({ on, count }) => on === operation && count > 0);
    const fault = this.#planned[index];
    if (fault === undefined) return undefined;
    this.#planned = this.#planned.with(index, { ...fault, count: fault.count - 1 }).filter(({ count }) => count > 0);
    return fault.kind;
  }
}
