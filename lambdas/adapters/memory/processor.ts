// Owns the twin of a processor in memory: a book of charges and refunds, and failures on demand.
// Leaves idempotency keys, saved errors and latency to the local processor, which is a service of its own.
import { type Minor, minor } from '../../domain/money.ts';
import type { ReportEntry } from '../../domain/reconcile.ts';
import {
  type ChargeOrder,
  type ChargeState,
  type DeclineReason,
  type Processor,
  ProcessorUnavailable,
  type RefundOrder,
  type RefundState,
  type ReportPage,
} from '../../ports/processor.ts';

interface MemoryCharge {
  readonly order: ChargeOrder;
  state: ChargeState;
  atMs: number;
}

type Operation = 'prepare' | 'confirm' | 'lookup' | 'refund' | 'report';

/** Small, so that tests turn pages. */
const REPORT_PAGE = 2;

export class MemoryProcessor implements Processor {
  readonly name = 'memory';
  readonly charges = new Map<string, MemoryCharge>();
  readonly refunds = new Map<string, RefundOrder & { readonly atMs: number }>();
  /** What stands in the report beside that: made by nobody here. */
  readonly planted: ReportEntry[] = [];
  /** What the next requests meet, one each: no effect, or the effect and a lost answer. */
  readonly faults: { readonly on: Operation; readonly effect: boolean }[] = [];
  readonly calls: Operation[] = [];
  nowMs: () => number = () => 0;
  /** Methods that are refused. */
  readonly declines = new Map<string, DeclineReason>();

  async prepare(order: ChargeOrder): Promise<string> {
    return this.#answer('prepare', () => {
      const reference = `charge_${this.charges.size + 1}`;
      this.charges.set(reference, { order, state: { kind: 'unconfirmed' }, atMs: this.nowMs() });
      return reference;
    });
  }

  async confirm(reference: string): Promise<ChargeState> {
    return this.#answer('confirm', () => {
      const charge = this.#charge(reference);
      const reason = this.declines.get(charge.order.method);
      if (charge.state.kind === 'unconfirmed') {
        charge.atMs = this.nowMs();
        charge.state =
          reason === undefined
            ? { kind: 'collected', amountMinor: charge.order.amountMinor }
            : { kind: 'declined', reason };
      }
      return charge.state;
    });
  }

  async lookup(reference: string): Promise<ChargeState> {
    return this.#answer('lookup', () => this.#charge(reference).state);
  }

  async refund(order: RefundOrder): Promise<RefundState> {
    return this.#answer('refund', () => {
      this.#charge(order.charge);
      if (!this.refunds.has(order.reference)) this.refunds.set(order.reference, { ...order, atMs: this.nowMs() });
      return { kind: 'sent' };
    });
  }

  async report(fromMs: number, toMs: number, cursor = '0'): Promise<ReportPage> {
    return this.#answer('report', () => {
      const all = [...this.#entries(), ...this.planted].filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
      const next = Number(cursor) + REPORT_PAGE;
      const entries = all.slice(Number(cursor), next);
      return next < all.length ? { entries, cursor: String(next) } : { entries };
    });
  }

  *#entries(): Generator<ReportEntry> {
    for (const [reference, { order, state, atMs }] of this.charges) {
      const { paymentId, accountId, currency, amountMinor } = order;
      const entry = { kind: 'charge' as const, reference, paymentId, accountId, currency, amountMinor, atMs };
      if (state.kind !== 'unconfirmed') yield { ...entry, status: state.kind };
    }
    for (const { reference, charge, amountMinor, atMs } of this.refunds.values()) {
      const { paymentId, accountId, currency } = this.#charge(charge).order;
      yield { kind: 'refund', reference, paymentId, accountId, currency, amountMinor, atMs, status: 'sent' };
    }
  }

  get collectedMinor(): Minor {
    const collected = [...this.charges.values()].flatMap(({ state }) =>
      state.kind === 'collected' ? [state.amountMinor] : [],
    );
    return minor(collected.reduce<bigint>((sum, amountMinor) => sum + amountMinor, 0n));
  }

  get sentBackMinor(): Minor {
    return minor([...this.refunds.values()].reduce<bigint>((sum, { amountMinor }) => sum + amountMinor, 0n));
  }

  #charge(reference: string): MemoryCharge {
    const charge = this.charges.get(reference);
    if (charge === undefined) throw new ProcessorUnavailable(`the processor knows no charge ${reference}`);
    return charge;
  }

  #answer<T>(operation: Operation, act: () => T): T {
    this.calls.push(operation);
    const index = this.faults.findIndex(({ on }) => on === operation);
    const [fault] = index < 0 ? [] : this.faults.splice(index, 1);
    if (fault === undefined) return act();
    if (fault.effect) act();
    throw new ProcessorUnavailable(`${operation} was not answered`);
  }
}
