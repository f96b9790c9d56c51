// Owns the processor's own books: every charge and refund it knows, kept in a file, so that a run can be reconciled against them.
// Leaves to api.ts how it is asked, to idempotency.ts what it forgets.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineFile } from '../line-file.ts';

export interface Charge {
  readonly reference: string;
  /** Absent, as the payment, for a charge that somebody made by hand. */
  readonly accountId?: string;
  readonly paymentId?: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  readonly status: 'unconfirmed' | 'collected' | 'declined';
  readonly declineReason?: string;
  /** Of its last change, epoch milliseconds. */
  readonly atMs: number;
}

export interface Refund {
  /** The merchant's own name for it: metadata here, not a key. Two with the same one are two refunds. */
  readonly reference: string;
  readonly charge: string;
  readonly amountMinor: number;
  readonly status: 'sent' | 'failed';
  readonly atMs: number;
}

type Entry = { readonly charge: Charge } | { readonly refund: Refund };

/** A method that is refused names the reason: `decline_insufficient_funds`. */
const DECLINES = /^decline_([a-z_]+)$/;
/** Nothing can be sent back to it. */
const NO_REFUNDS = 'closed_account';

export class Book {
  readonly #charges = new Map<string, Charge>();
  readonly #refunds: Refund[] = [];
  readonly #journal: LineFile;

  constructor(
    file: string,
    private readonly nowMs: () => number,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    for (const line of LineFile.read(file)) this.#apply(JSON.parse(line) as Entry);
    this.#journal = new LineFile(file);
  }

  prepare(order: Pick<Charge, 'accountId' | 'paymentId' | 'amountMinor' | 'currency' | 'method'>): Charge {
    const reference = `charge_${String(this.#charges.size + 1).padStart(8, '0')}`;
    return this.putCharge({ ...order, reference, status: 'unconfirmed', atMs: this.nowMs() });
  }

  /** Undefined for a charge it does not know; one that has its outcome keeps it. */
  confirm(reference: string): Charge | undefined {
    const charge = this.#charges.get(reference);
    if (charge?.status !== 'unconfirmed') return charge;
    const [, reason] = DECLINES.exec(charge.method) ?? [];
    if (reason === undefined) return this.putCharge({ ...charge, status: 'collected', atMs: this.nowMs() });
    return this.putCharge({
      ...charge,
      status: 'declined',
      declineReason: reason.replaceAll('_', '-'),
      atMs: this.nowMs(),
    });
  }

  charge(reference: string): Charge | undefined {
    return this.#charges.get(reference);
  }

  /** @throws Error for a charge that was not collected, or more than is left of it */
  refund(order: Pick<Refund, 'reference' | 'charge' | 'amountMinor'>): Refund {
    const charge = this.#charges.get(order.charge);
    const left = (charge?.status === 'collected' ? charge.amountMinor : 0) - this.#sentBack(order.charge);
    if (order.amountMinor > left)
      throw new Error(`${left} of ${order.charge} can be refunded, got ${order.amountMinor}`);
    const refund: Refund = { ...order, status: charge?.method === NO_REFUNDS ? 'failed' : 'sent', atMs: this.nowMs() };
    this.#write({ refund });
    return refund;
  }

  refundsOf(charge: string): readonly Refund[] {
    return this.#refunds.filter((refund) => refund.charge === charge);
  }

  report(): { readonly charges: readonly Charge[]; readonly refunds: readonly Refund[] } {
    return { charges: [...this.#charges.values()], refunds: [...this.#refunds] };
  }

  close(): void {
    this.#journal.close();
  }

  /** As it stands, over what the book has under its reference. */
  putCharge(charge: Charge): Charge {
    this.#write({ charge });
    return charge;
  }

  #sentBack(charge: string): number {
    const sent = this.refundsOf(charge).filter(({ status }) => status === 'sent');
    return sent.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  }

  #write(entry: Entry): void {
    this.#journal.append(`${JSON.stringify(entry)}\n`);
    this.#apply(entry);
  }

  #apply(entry: Entry): void {
    if ('charge' in entry) this.#charges.set(entry.charge.reference, entry.charge);
    else this.#refunds.push(entry.refund);
  }
}
