// Owns what a merchant can ask of the local processor over HTTP: charges in two steps, refunds, and what became of them.
// Leaves to book.ts what is true, to faults.ts what goes wrong on the way, to admin.ts how that is ordered.
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { Book } from './book.ts';
import type { Faults, Operation } from './faults.ts';
import type { SavedAnswer, SavedAnswers } from './idempotency.ts';
import { reportPage } from './report.ts';

export interface ProcessorParts {
  readonly book: Book;
  readonly faults: Faults;
  readonly saved: SavedAnswers;
}

type Env = { Bindings: HttpBindings };

const amountMinor = z.int().min(1);
const chargeOrder = z.strictObject({
  accountId: z.string().min(1),
  paymentId: z.string().min(1),
  amountMinor,
  currency: z.string().length(3),
  method: z.string().min(1),
});
const refundOrder = z.strictObject({ reference: z.string().min(1), charge: z.string().min(1), amountMinor });

const reportQuery = z.strictObject({
  fromMs: z.coerce.number().int(),
  toMs: z.coerce.number().int(),
  cursor: z.coerce.number().int().min(0).default(0),
});

const NO_CHARGE: SavedAnswer = { status: 404, body: { error: 'no such charge' } };
const BROKEN: SavedAnswer = { status: 500, body: { error: 'something went wrong on our side' } };

export const addProcessorApi = (app: Hono<Env>, parts: ProcessorParts): void => {
  const { book } = parts;
  app.post('/v1/charges', (c) =>
    answer(c, parts, 'prepare', (body) =>
      parsed(chargeOrder, body, (order) => ({ status: 201, body: book.prepare(order) })),
    ),
  );
  app.post('/v1/charges/:reference/confirm', (c) =>
    answer(c, parts, 'confirm', () => found(book.confirm(c.req.param('reference')))),
  );
  app.get('/v1/charges/:reference', (c) =>
    answer(c, parts, 'lookup', () => found(book.charge(c.req.param('reference')))),
  );
  app.post('/v1/refunds', (c) =>
    answer(c, parts, 'refund', (body) =>
      parsed(refundOrder, body, (order) => ({ status: 201, body: book.refund(order) })),
    ),
  );
  app.get('/v1/charges/:reference/refunds', (c) =>
    answer(c, parts, 'find-refund', () => ({
      status: 200,
      body: { refunds: book.refundsOf(c.req.param('reference')) },
    })),
  );
  app.get('/v1/report', (c) =>
    answer(c, parts, 'report', () =>
      parsed(reportQuery, c.req.query(), (query) => ({ status: 200, body: reportPage(book, query) })),
    ),
  );
};

const found = (charge: object | undefined): SavedAnswer =>
  charge === undefined ? NO_CHARGE : { status: 200, body: charge };

const parsed = <T>(schema: z.ZodType<T>, body: unknown, act: (order: T) => SavedAnswer): SavedAnswer => {
  const order = schema.safeParse(body);
  if (!order.success) return { status: 400, body: { error: z.prettifyError(order.error) } };
  try {
    return act(order.data);
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : 'refused' } };
  }
};

/** The request's own fate first, then what it asks for; a key that is remembered gets its answer again, whatever that was. */
const answer = async (
  c: Context<Env>,
  { faults, saved }: ProcessorParts,
  operation: Operation,
  act: (body: unknown) => SavedAnswer,
): Promise<Response> => {
  const body: unknown = await c.req.json().catch(() => undefined);
  await pause(faults.latencyMs);
  if (faults.isDown) return c.json({ error: 'down' }, 503);
  const key = c.req.header('idempotency-key');
  const remembered = key === undefined ? undefined : saved.get(key);
  if (remembered !== undefined) return c.json(remembered.body, remembered.status as 200);
  const fault = faults.take(operation);
  if (fault === 'silent') return new Promise(() => {});
  const acted = fault === 'error' ? BROKEN : act(body);
  const result = fault === 'error-after' ? BROKEN : acted;
  if (key !== undefined) saved.save(key, result);
  if (fault === 'lost-answer') c.env.incoming.socket.destroy();
  return c.json(result.body, result.status as 200);
};

const pause = (ms: number): Promise<void> =>
  ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
