// Owns the processor as a worker reaches it: away, slow to know, or silent after it has done it.
// Leaves to the memory twin the book of charges and refunds.
import type { MemoryProcessor } from '../../lambdas/adapters/memory/processor.ts';
import { type ChargeState, type Processor, ProcessorUnavailable } from '../../lambdas/ports/processor.ts';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { Worker } from '../world/worker.ts';

export class SimulatedProcessor {
  /** References of refunds that were refused for good. */
  readonly refused = new Set<string>();

  constructor(
    readonly book: MemoryProcessor,
    private readonly deps: { readonly time: VirtualTime; readonly random: Random; readonly faults: FaultBoard },
  ) {}

  port(worker: Worker): Processor {
    const { book } = this;
    return {
      name: book.name,
      prepare: (order) => this.#ask(worker, () => book.prepare(order)),
      confirm: (reference) => this.#ask(worker, () => this.#confirm(reference)),
      lookup: (reference) => this.#ask(worker, () => book.lookup(reference)),
      refund: (order) =>
        this.#ask(worker, async () => {
          const isNew = !book.refunds.has(order.reference);
          if (isNew && this.deps.faults.strikes('refunds-refused')) this.refused.add(order.reference);
          if (this.refused.has(order.reference)) return { kind: 'failed', reason: 'account closed' };
          return book.refund(order);
        }),
      report: (fromMs, toMs, cursor) => this.#ask(worker, () => book.report(fromMs, toMs, cursor)),
    };
  }

  async #confirm(reference: string): Promise<ChargeState> {
    const charge = book(this.book, reference);
    const before = charge?.state.kind;
    const state = await this.book.confirm(reference);
    if (charge === undefined || before !== 'unconfirmed' || !this.deps.faults.strikes('charges-under-way'))
      return state;
    charge.state = { kind: 'under-way' };
    this.deps.time.after(this.deps.random.between(30_000, 900_000), () => {
      charge.state = state;
    });
    return charge.state;
  }

  async #ask<T>(worker: Worker, act: () => Promise<T>): Promise<T> {
    const { faults } = this.deps;
    await worker.reach(100, 2_000);
    if (faults.strikes('processor-away')) throw new ProcessorUnavailable('the simulated processor is away');
    const answer = await act();
    if (faults.strikes('processor-lost-answers'))
      throw new ProcessorUnavailable('the simulated processor does not answer');
    return worker.hear(answer);
  }
}

const book = (processor: MemoryProcessor, reference: string) => processor.charges.get(reference);
