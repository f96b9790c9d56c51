// Owns a processor that speaks plain HTTP and JSON: charges in two steps, refunds found by their reference before any is sent.
// Leaves to the service behind the address its books; it is what the local Regions charge at.
import * as z from 'zod';
import { type Currency, minor, toWire } from '../domain/money.ts';
import {
  type ChargeOrder,
  type ChargeState,
  DECLINE_REASONS,
  type Processor,
  ProcessorUnavailable,
  type RefundOrder,
  type RefundState,
  type ReportPage,
} from '../ports/processor.ts';

const charge = z.object({
  reference: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  amountMinor: z.int(),
  status: z.enum(['unconfirmed', 'under-way', 'collected', 'declined']),
  declineReason: z.string().optional(),
});
const refund = z.object({
  reference: z.string(),
  amountMinor: z.int(),
  status: z.enum(['under-way', 'sent', 'failed']),
});

const page = z.object({
  entries: z.array(
    z.object({
      kind: z.enum(['charge', 'refund']),
      reference: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
      paymentId: z.string().optional(),
      accountId: z.string().optional(),
      amountMinor: z.int(),
      currency: z.string().regex(/^[A-Z]{3}$/),
      atMs: z.int(),
      status: z.enum(['under-way', 'collected', 'declined', 'sent', 'failed']),
    }),
  ),
  cursor: z.string().optional(),
});

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly body?: object;
  readonly idempotencyKey?: string;
}

export class HttpProcessor implements Processor {
  readonly name = 'local';

  constructor(private readonly options: { readonly url: string; readonly timeoutMs: number }) {}

  async prepare({ amountMinor, ...order }: ChargeOrder): Promise<string> {
    // Without a key: a saved error would come back for a day, and an unconfirmed charge too many costs nothing.
    const body = { ...order, amountMinor: toWire(amountMinor) };
    return (await this.#ask('/v1/charges', charge, { method: 'POST', body })).reference;
  }

  async confirm(reference: string): Promise<ChargeState> {
    return stateOf(await this.#ask(`/v1/charges/${reference}/confirm`, charge, { method: 'POST' }));
  }

  async lookup(reference: string): Promise<ChargeState> {
    return stateOf(await this.#ask(`/v1/charges/${reference}`, charge, { method: 'GET' }));
  }

  async refund({ reference, charge: of, amountMinor }: RefundOrder): Promise<RefundState> {
    const schema = z.object({ refunds: z.array(refund) });
    const { refunds } = await this.#ask(`/v1/charges/${of}/refunds`, schema, { method: 'GET' });
    const earlier = refunds.find((one) => one.reference === reference);
    const body = { reference, charge: of, amountMinor: toWire(amountMinor) };
    // The key is for two workers in the same moment; the look before is for any other day.
    const one =
      earlier ?? (await this.#ask('/v1/refunds', refund, { method: 'POST', body, idempotencyKey: reference }));
    return one.status === 'failed'
      ? { kind: 'failed', reason: 'the processor could not send it' }
      : { kind: one.status };
  }

  async report(fromMs: number, toMs: number, cursor?: string): Promise<ReportPage> {
    const query = new URLSearchParams({ fromMs: String(fromMs), toMs: String(toMs), ...(cursor && { cursor }) });
    const { entries, cursor: next } = await this.#ask(`/v1/report?${query}`, page, { method: 'GET' });
    return {
      entries: entries.map(({ paymentId, accountId, amountMinor, currency, ...entry }) => ({
        ...entry,
        ...(paymentId !== undefined && { paymentId }),
        ...(accountId !== undefined && { accountId }),
        amountMinor: minor(amountMinor),
        currency: currency as Currency,
      })),
      ...(next !== undefined && { cursor: next }),
    };
  }

  async #ask<T>(path: string, schema: z.ZodType<T>, { method, body, idempotencyKey }: Sent): Promise<T> {
    const response = await this.#fetch(path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const parsed = response.status < 300 ? schema.safeParse(response.body) : undefined;
    if (parsed?.success) return parsed.data;
    throw new ProcessorUnavailable(`${method} ${path} was answered ${response.status}, which decides nothing`);
  }

  async #fetch(path: string, init: RequestInit): Promise<{ readonly status: number; readonly body: unknown }> {
    const { url, timeoutMs } = this.options;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(`${url}${path}`, { ...init, redirect: 'error', signal });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      throw new ProcessorUnavailable(`${init.method} ${path} was not answered`, { cause });
    }
  }
}

/** Only a reason on the list is a decline: anything else is looked at by people. */
const stateOf = ({ status, amountMinor, declineReason }: z.infer<typeof charge>): ChargeState => {
  switch (status) {
    case 'unconfirmed':
    case 'under-way':
      return { kind: status };
    case 'collected':
      return { kind: 'collected', amountMinor: minor(amountMinor) };
    case 'declined': {
      const reason = DECLINE_REASONS.find((known) => known === declineReason);
      if (reason === undefined) throw new ProcessorUnavailable(`declined for ${declineReason}, which is on no list`);
      return { kind: 'declined', reason };
    }
  }
};
